using Xunit;

// Each test runs a whole cluster with its database: one of them keeps the machine busy.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
