using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Engine;

/// <summary>Counters of one writer.</summary>
/// <param name="Waiting">Decisions that wait for the next transaction.</param>
/// <param name="Commits">Transactions that were confirmed.</param>
/// <param name="CommittedSets">Decisions stored by them.</param>
/// <param name="UnconfirmedCommits">Transactions that failed or whose outcome is unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WriterMetrics(int Waiting, long Commits, long CommittedSets, long UnconfirmedCommits);

/// <summary>Counters of one region; sums over its shards, each taken at a slightly different moment.</summary>
/// <param name="Loaded">Entities whose whole state is in memory.</param>
/// <param name="Passive">Entities of which only the residue is in memory.</param>
/// <param name="Loading">Entities that are being loaded or wait to be loaded again.</param>
/// <param name="Parked">Commands that wait for them.</param>
/// <param name="Inbox">Commands that wait for their turn.</param>
/// <param name="Commands">Commands decided or refused so far.</param>
/// <param name="Loads">Entities loaded so far.</param>
/// <param name="Passivated">Entities that left memory so far.</param>
/// <param name="Faults">Commands and loads that ended in an exception of the entity's logic.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RegionMetrics(
    long Loaded, long Passive, long Loading, long Parked, long Inbox, long Commands, long Loads, long Passivated, long Faults);
