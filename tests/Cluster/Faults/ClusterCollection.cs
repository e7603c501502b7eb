using Xunit;

namespace SimplexActors.Cluster.Faults;

/// <summary>The tests that share a cluster.</summary>
[CollectionDefinition(nameof(ClusterFixture))]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>;
