using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Tests that load the machine or count what a router uses run alone.</summary>
[CollectionDefinition(nameof(WholeMachine), DisableParallelization = true)]
public sealed class WholeMachine;
