//! Environment variables of the functions and of the worker.

use stackgen_contract::environment;

environment! {
    /// What `genome-create-job` reads at start.
    pub struct CreateJobEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// The most letters that a sequence may have.
        max_sequence: "MAX_SEQUENCE" as u32,
    }
}

environment! {
    /// What `genome-job-api` reads at start.
    pub struct JobApiEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of targets.
        targets: "TARGETS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
    }
}

environment! {
    /// What `genome-upload-url` reads at start.
    pub struct UploadUrlEnv {
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// Name or ARN of the secret that holds the token of uploads.
        token_secret: "UPLOAD_TOKEN_SECRET",
    }
}

environment! {
    /// What `genome-scheduler` reads at start.
    pub struct SchedulerEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// URL of the queue `download`.
        download_queue: "DOWNLOAD_QUEUE_URL",
        /// URL of the queue `index`.
        index_queue: "INDEX_QUEUE_URL",
        /// URL of the queue `scan`.
        scan_queue: "SCAN_QUEUE_URL",
        /// Id of the launch template of the worker.
        launch_template: "LAUNCH_TEMPLATE_ID",
        /// Ids of the subnets of the worker, with commas between them.
        subnets: "SUBNET_IDS",
        /// Name of the parameter that holds the id of the worker's image.
        image_parameter: "IMAGE_PARAMETER",
        /// The environment of the worker, which the user data of an instance sets: the variables of [`WorkerEnv`], one
        /// `NAME=value` a line.
        worker_environment: "WORKER_ENVIRONMENT",
        /// Genomes of more MiB than this go to an instance.
        ec2_cutoff_mib: "EC2_CUTOFF_MIB" as u32,
        /// URL of NCBI's datasets API, without a `/` at its end.
        ncbi_api: "NCBI_API_BASE",
    }
}

environment! {
    /// What `genome-downloader` reads at start.
    pub struct DownloaderEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// URL of the queue `parts`.
        parts_queue: "PARTS_QUEUE_URL",
        /// URL of NCBI's file server, without a `/` at its end.
        ncbi_files: "NCBI_FTP_BASE",
    }
}

environment! {
    /// What `genome-part-loader` reads at start.
    pub struct PartLoaderEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// URL of the queue `index`.
        index_queue: "INDEX_QUEUE_URL",
    }
}

environment! {
    /// What `genome-index-builder` reads at start.
    pub struct IndexBuilderEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// URL of the queue `scan`.
        scan_queue: "SCAN_QUEUE_URL",
    }
}

environment! {
    /// What `genome-target-scan` reads at start.
    pub struct TargetScanEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of targets.
        targets: "TARGETS_TABLE",
        /// URL of the queue `consensus`.
        consensus_queue: "CONSENSUS_QUEUE_URL",
        /// URL of the queue `offtarget`.
        offtarget_queue: "OFFTARGET_QUEUE_URL",
    }
}

environment! {
    /// What `genome-consensus` reads at start.
    pub struct ConsensusEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of targets.
        targets: "TARGETS_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
    }
}

environment! {
    /// What `genome-off-target-scorer` reads at start.
    pub struct OffTargetScorerEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of targets.
        targets: "TARGETS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
    }
}

environment! {
    /// What `genome-worker` reads at start, on an instance that has no stack of its own: see
    /// [`SchedulerEnv::worker_environment`](SchedulerEnv).
    pub struct WorkerEnv {
        /// Name of the table of jobs.
        jobs: "JOBS_TABLE",
        /// Name of the table of tasks.
        tasks: "TASKS_TABLE",
        /// Name of the table of targets.
        targets: "TARGETS_TABLE",
        /// Name of the table of genomes.
        genomes: "GENOMES_TABLE",
        /// Name of the bucket of genomes and results.
        bucket: "GENOME_BUCKET",
        /// Name of the log group.
        log_group: "LOG_GROUP",
        /// URL of NCBI's datasets API, without a `/` at its end.
        ncbi_api: "NCBI_API_BASE",
        /// URL of NCBI's file server, without a `/` at its end.
        ncbi_files: "NCBI_FTP_BASE",
    }
}
