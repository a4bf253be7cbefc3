"""The hot path (数据接入): what devices send becomes observations, exceedances and receipts, a batch a transaction."""
