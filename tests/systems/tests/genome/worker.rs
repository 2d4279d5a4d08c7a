//! Large genomes: an instance is started, and the worker does as the instance would run it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use system_tests::workspace;

use crate::PIPELINE;
use crate::genomes::{csv, genome, judged};
use crate::ncbi::Served;

/// The parameter that holds the id of the worker's image.
const IMAGE_PARAMETER: &str = "/imagebuilder/genome-ami/ami-id";
/// More letters than functions take.
const LARGE: Option<u64> = Some(3_100_000_000);

/// The worker, built with the profile and into the folder of this test.
fn build() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    let profile = executable.ancestors().nth(2).unwrap();
    let target = profile.parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--bin", "genome-worker"]).current_dir(workspace());
    // With all packages whose functions the app ships, features are the same, and nothing is compiled twice.
    for package in ["bus-observatory", "data-review", "etl", "genome-pipeline", "stack-support", "weather-ingest"] {
        cargo.args(["--package", package, "--features", &format!("{package}/handler")]);
    }
    cargo.env("CARGO_TARGET_DIR", target);
    assert!(cargo.status().unwrap().success());
    profile.join("genome-worker")
}

/// The worker's role.
fn role() -> Value {
    let answer = PIPELINE.deployment.call("iam", "list_roles", json!({}));
    let roles = answer["Roles"].as_array().unwrap();
    let is_worker = |role: &&Value| role["AssumeRolePolicyDocument"].to_string().contains("ec2.amazonaws.com");
    roles.iter().find(is_worker).unwrap().clone()
}

/// The log group that the worker is told of, into which its role may write from now on.
///
/// The stack grants that already, for the ARN of the group with `:*`, which stands for its streams on AWS: there a new stream
/// and its lines are matched against it. The local AWS takes the group without that for the resource of every call.
fn log_group(user_data: &str) -> String {
    let group = user_data.lines().find_map(|line| line.trim().strip_prefix("LOG_GROUP=")).unwrap();
    let arn = format!("arn:aws:logs:us-east-1:{}:log-group:{group}", PIPELINE.deployment.server.access_key().0);
    let actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": arn});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let arguments = json!({"RoleName": role()["RoleName"], "PolicyName": "log", "PolicyDocument": policy});
    PIPELINE.deployment.call("iam", "put_role_policy", arguments);
    group.to_owned()
}

/// The lines of the log of a job.
fn logged(group: &str, job: &str) -> Vec<String> {
    let arguments = json!({"logGroupName": group, "logStreamName": job, "startFromHead": true});
    let answer = PIPELINE.deployment.call("logs", "get_log_events", arguments);
    answer["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap().to_owned()).collect()
}

/// Key, secret and token of the worker's role.
fn credentials() -> [(&'static str, String); 3] {
    let role = role();
    let arguments = json!({"RoleArn": role["Arn"], "RoleSessionName": "instance"});
    let session = PIPELINE.deployment.call("sts", "assume_role", arguments);
    let text = |name: &str| session["Credentials"][name].as_str().unwrap().to_owned();
    [
        ("AWS_ACCESS_KEY_ID", text("AccessKeyId")),
        ("AWS_SECRET_ACCESS_KEY", text("SecretAccessKey")),
        ("AWS_SESSION_TOKEN", text("SessionToken")),
    ]
}

/// The user data of the instance of a job.
fn user_data(job: &str) -> Option<String> {
    let answer = PIPELINE.deployment.call("ec2", "describe_instances", json!({}));
    let reservations = answer["Reservations"].as_array().unwrap();
    let instances = reservations.iter().flat_map(|reservation| reservation["Instances"].as_array().unwrap());
    instances.into_iter().find_map(|instance| {
        let arguments = json!({"InstanceId": instance["InstanceId"], "Attribute": "userData"});
        let answer = PIPELINE.deployment.call("ec2", "describe_instance_attribute", arguments);
        let encoded = answer["UserData"]["Value"].as_str()?;
        let mut decoder = Command::new("base64")
            .arg("-d")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut decoder.stdin.take().unwrap(), encoded.as_bytes()).unwrap();
        let text = String::from_utf8(decoder.wait_with_output().unwrap().stdout).unwrap();
        text.contains(job).then_some(text)
    })
}

/// Runs the script as an instance would: what it does to disks and to the machine is only noted.
fn run(script: &str, worker: &Path, folder: &Path) -> (bool, String) {
    let commands = folder.join("commands");
    fs::create_dir_all(&commands).unwrap();
    let notes = folder.join("notes");
    for name in ["shutdown", "mkfs.ext4", "mount"] {
        let path = commands.join(name);
        fs::write(&path, format!("#!/bin/sh\necho {name} \"$@\" >> '{}'\n", notes.display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let lsblk = commands.join("lsblk");
    let disks = "#!/bin/sh\necho '/dev/nvme0n1 Amazon Elastic Block Store'\n\
                 echo '/dev/nvme1n1 Amazon EC2 NVMe Instance Storage'\n";
    fs::write(&lsblk, disks).unwrap();
    fs::set_permissions(&lsblk, fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(worker, commands.join("genome-worker")).unwrap();
    let scratch = folder.join("scratch");
    let mut bash = Command::new("bash");
    bash.arg("-c").arg(script.replace("/scratch", scratch.to_str().unwrap())).env_clear();
    bash.env("PATH", format!("{}:/usr/bin:/bin", commands.display()));
    bash.env("AWS_ENDPOINT_URL", &PIPELINE.deployment.server.endpoint).env("AWS_REGION", "us-east-1");
    bash.envs(credentials());
    let output = bash.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let notes = fs::read_to_string(notes).unwrap();
    let scratch = scratch.to_str().unwrap();
    let expected = format!(
        "shutdown -h +360\nmkfs.ext4 -q -E nodiscard /dev/nvme1n1\nmount /dev/nvme1n1 {scratch}\nshutdown -h now\n"
    );
    assert_eq!(notes, expected);
    (output.status.success(), said)
}

#[test]
fn a_large_genome_is_worked_on_by_an_instance() {
    let accession = "GCA_000000200.1";
    let (fasta, sequence) = genome(200);
    PIPELINE.ncbi.serve(accession, Served { letters: LARGE, ..Served::fasta(fasta.as_bytes()) });
    let job = PIPELINE.submit(&sequence, accession);
    let failed = PIPELINE.wait(&job, "FAILED");
    assert_eq!(failed["reason"], "no_worker_image");

    let image = json!({"Name": IMAGE_PARAMETER, "Value": "ami-00000000000000001", "Type": "String"});
    PIPELINE.deployment.call("ssm", "put_parameter", image);
    let worker = build();
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "PREPARING");
    // Waits for the instance of the first, and starts none.
    let waiter = PIPELINE.submit(&sequence[..500], accession);
    PIPELINE.wait(&waiter, "PREPARING");
    let script = user_data(&job).unwrap();
    assert_eq!(user_data(&waiter), None);

    let group = log_group(&script);
    let folder = PIPELINE.deployment.server.folder.join("instance");
    let (succeeded, said) = run(&script, &worker, &folder);
    assert!(succeeded, "{said}");
    for (job, sequence) in [(&job, &sequence[..]), (&waiter, &sequence[..500])] {
        PIPELINE.wait(job, "SUCCEEDED");
        assert_eq!(PIPELINE.csv(job), csv(&judged(fasta.as_bytes(), sequence)));
    }
    assert!(said.contains("finished") && !said.contains("AccessDenied"), "{said}");
    assert_eq!(logged(&group, &job).last().unwrap(), "finished");

    // A genome that is there spares the next job download and index, on an instance of its own.
    let requests = PIPELINE.ncbi.requests(accession);
    let next = PIPELINE.submit(&sequence[300..900], accession);
    PIPELINE.wait(&next, "PREPARING");
    let folder = PIPELINE.deployment.server.folder.join("instance-2");
    let (succeeded, said) = run(&user_data(&next).unwrap(), &worker, &folder);
    assert!(succeeded, "{said}");
    PIPELINE.wait(&next, "SUCCEEDED");
    assert_eq!(PIPELINE.csv(&next), csv(&judged(fasta.as_bytes(), &sequence[300..900])));
    assert_eq!(PIPELINE.ncbi.requests(accession), requests);
}

#[test]
fn the_worker_says_what_it_takes() {
    let worker = build();
    let version = Command::new(&worker).arg("--version").output().unwrap();
    assert!(version.status.success() && version.stdout.starts_with(b"genome-worker "));
    for arguments in [&[][..], &["--job"], &["--job", "x; reboot"], &["--other"]] {
        assert_eq!(Command::new(&worker).args(arguments).output().unwrap().status.code(), Some(2));
    }
}
