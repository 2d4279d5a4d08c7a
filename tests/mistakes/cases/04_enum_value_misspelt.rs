use stackgen::resources::dynamodb::{self, table::BillingMode};

fn main() {
    let _ = dynamodb::Table::new().billing_mode(BillingMode::PayPerReqest);
    let _ = dynamodb::Table::new().billing_mode("PAY_PER_REQEST");
}
