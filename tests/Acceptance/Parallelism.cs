using Xunit;

// The tests wait for processes and clocks most of the time: more of them at once than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
