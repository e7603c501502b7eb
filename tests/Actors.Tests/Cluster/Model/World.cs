using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Where a process of the model is.</summary>
internal enum Life : byte
{
    Down = 0,
    Joining = 1,
    Member = 2,
}

/// <summary>The memory of one process. Times are ages in steps of its own clock.</summary>
internal sealed record Process
{
    public Life Life { get; init; }

    public byte Gen { get; init; }

    /// <summary>Steps for which it may still serve.</summary>
    public byte Lease { get; init; }

    public ShardHold FirstHold { get; init; }

    public ShardHold SecondHold { get; init; }

    /// <summary>It watches: the other member while it is one, the row with its own name while it joins.</summary>
    public bool IsWatching { get; init; }

    public byte AnsweredAge { get; init; }

    public byte WatchedGen { get; init; }

    public byte WatchedBeats { get; init; }

    public byte WatchedSince { get; init; }

    /// <summary>Heartbeats of the row with its own name that it saw while it joins.</summary>
    public byte Grown { get; init; }

    /// <summary>Its question, until the database has it.</summary>
    public Request Asked { get; init; }

    /// <summary>The answer, until it has it.</summary>
    public Answer Answered { get; init; }

    public byte AskedAge { get; init; }

    /// <summary>Bits of the shards that it claims after the release.</summary>
    public byte ThenClaim { get; init; }

    /// <summary>The claims that it saw of them.</summary>
    public Pair ThenSeqs { get; init; }

    public bool IsIdle => Asked.Kind == Ask.Nothing && Answered.Kind == Ask.Nothing;

    public ShardHold Hold(int shard) => shard == 0 ? FirstHold : SecondHold;

    public Process With(int shard, ShardHold hold) => shard == 0 ? this with { FirstHold = hold } : this with { SecondHold = hold };

    public bool Serves(int shard) => Life == Life.Member && Lease > 0 && Hold(shard).State is HoldState.Open or HoldState.Closing && Lease > 0;
}

/// <summary>What is not in the memory of a process: the database, messages that nobody waits for, the clocks.</summary>
internal sealed record Shared
{
    public Snapshot Database { get; init; }

    /// <summary>A question whose asker gave it up or died; the database may still get it.</summary>
    public Request Late { get; init; }

    /// <summary>Another one.</summary>
    public Request AlsoLate { get; init; }

    /// <summary>Bits of the shards that somebody had open under the number of the last claim: its writes may come at any time, whatever became of it.</summary>
    public byte Opened { get; init; }

    /// <summary>Bits of the shards that somebody had open under the number of an older claim.</summary>
    public byte OpenedBefore { get; init; }

    /// <summary>Bits of the shards to which the database has a write whose number it found to be that of the last claim, and which may commit.</summary>
    public byte Checked { get; init; }

    /// <summary>Bits of the shards to which a write with an older number may commit: there must never be one.</summary>
    public byte Overtaken { get; init; }

    public Clocks Clocks { get; init; }

    /// <summary>Which of two late questions is the first is of no matter.</summary>
    public Shared Sorted() => Order(Late).CompareTo(Order(AlsoLate)) >= 0 ? this : this with { Late = AlsoLate, AlsoLate = Late };

    private static (int Kind, int Node, int Target, int Mask) Order(in Request request) => ((int)request.Kind, request.Node, request.Target, request.Mask);
}

/// <summary>Everything.</summary>
internal sealed record World(Shared Shared, Process First, Process Second)
{
    public Process Node(int index) => index == 0 ? First : Second;

    public World With(int index, Process process) => index == 0 ? this with { First = process } : this with { Second = process };

    /// <summary>Nobody runs, and nobody ever did.</summary>
    public static World Start { get; } =
        new(new Shared { Database = new Snapshot(default, default, default, new Pair(1, 1)) }, new Process(), new Process());
}
