//! What an instance of the worker runs.

/// The script that an instance of the worker runs as root when it starts. Of what users sent it has the id of the job
/// only, which is a UUID of our own making; the environment comes from the stack.
pub(super) fn user_data(job: &str, environment: &str) -> String {
    let job: String = job.chars().filter(|letter| letter.is_ascii_hexdigit() || *letter == '-').collect();
    format!(
        r#"#!/bin/bash
set -eu
# Whatever happens, the instance ends: after six hours, or with this script.
shutdown -h +360
trap 'shutdown -h now' EXIT
# The local disks of the instance, which go with it. Volumes have another model.
disks=$(lsblk --nodeps --noheadings --paths --output NAME,MODEL | awk '/Instance Storage/ {{ print $1 }}')
disk=$(echo "$disks" | head -n 1)
mkdir -p /scratch
if [ -n "$disk" ]; then
  mkfs.ext4 -q -E nodiscard "$disk"
  mount "$disk" /scratch
fi
while IFS= read -r variable; do
  export "$variable"
done <<'ENVIRONMENT'
{environment}
ENVIRONMENT
export TMPDIR=/scratch
PATH="$PATH:/usr/local/bin"
genome-worker --job {job}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_is_the_only_variable_and_cannot_break_out() {
        let id = "01234567-89ab-4def-8123-456789abcdef";
        let script = user_data(id, "A=1\nB=x y");
        assert!(script.starts_with("#!/bin/bash\n") && script.contains("\nA=1\nB=x y\nENVIRONMENT\n"));
        assert!(script.ends_with(&format!("\ngenome-worker --job {id}\n")));
        assert!(script.contains("shutdown -h +360\ntrap 'shutdown -h now' EXIT\n"));
        assert!(script.len() < 16 * 1024, "user data have a limit");
        assert!(!user_data("a; reboot", "").contains("reboot"));
    }
}
