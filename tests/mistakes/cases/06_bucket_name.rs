use stackgen::prelude::*;

fn main() {
    let _ = Bucket::new().name(bucket_name!("My_Bucket"));
}
