//! genome-ami: the machine image of the program that works on genomes too large for functions.

use genome_pipeline::contract;
use stackgen::prelude::*;

/// Adds the stack, and gives the image that it builds.
pub fn genome_ami(app: &mut App) -> AmiBuilderHandle {
    let mut stack = app.stack("genome-ami");
    stack.description(
        "Machine image of the worker of genome-pipeline, built at deployment and every week after changes",
    );

    let image = stack.add("Image", worker());

    stack.output("ImageId", image.image_id());
    stack.output("ImageParameter", image.parameter_name().to_owned());
    stack.output("Pipeline", image.pipeline().arn());
    image
}

/// The worker on Ubuntu. Its instances have processors of this kind, whatever the functions of the app run on.
fn worker() -> AmiBuilder {
    const PROCESSOR: Architecture = Architecture::X86_64;

    let root = EbsVolume::new("/dev/sda1", gib::<16>());
    AmiBuilder::new(image_name!(contract::WORKER), MachineImage::ubuntu_24_04(PROCESSOR), root)
        .install(ImageProgram::rust("genome-pipeline", contract::WORKER, PROCESSOR))
}
