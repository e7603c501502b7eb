namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What the database does with a question, in one transaction each; the statements are those of the program's database.</summary>
internal static class ModelDatabase
{
    /// <summary>An owner that is no node: for the mutation that makes one.</summary>
    public const byte Nowhere = 3;

    /// <summary>A number that nobody knows yet, of whatever kind. Afterwards every number is replaced by one below it.</summary>
    public const byte Fresh = 23;

    /// <summary>Carries out a question.</summary>
    public static (Shared After, Answer Answer) Execute(Shared shared, in Request request, Mutation mutation)
    {
        Snapshot database = shared.Database;
        switch (request.Kind)
        {
            case Ask.Register:
                return Register(shared, request);
            case Ask.Beat:
                if (database.RowGen[request.Node] == request.Gen)
                {
                    database = database with { RowBeats = database.RowBeats.With(request.Node, Fresh) };
                }

                return (shared with { Database = database }, new Answer(Ask.Beat, database, 0, 0, default));
            case Ask.Declare:
                bool isSilent = database.RowBeats[request.Target] == request.TargetBeats || mutation == Mutation.DeclareUnchecked;
                if (database.RowGen[request.Target] == request.TargetGen && isSilent)
                {
                    database = Gone(database, request.Target);
                }

                return (shared with { Database = database }, new Answer(Ask.Declare, default, 0, 0, default));
            case Ask.Release:
                return (shared with { Database = Release(database, request, mutation) }, new Answer(Ask.Release, default, 0, request.Mask, default));
            default:
                return Claim(shared, request, mutation);
        }
    }

    private static (Shared After, Answer Answer) Register(Shared shared, in Request request)
    {
        Snapshot database = shared.Database;
        if (database.RowGen[request.Node] != 0)
        {
            return (shared, new Answer(Ask.Register, database, 0, 0, default));
        }

        byte gen = Fresh;
        database = database with
        {
            RowGen = database.RowGen.With(request.Node, gen),
            RowBeats = database.RowBeats.With(request.Node, Fresh),
        };
        return (shared with { Database = database }, new Answer(Ask.Register, default, gen, 0, default));
    }

    private static Snapshot Gone(Snapshot database, int node)
    {
        for (int shard = 0; shard < 2; shard++)
        {
            if (database.Owner[shard] == node + 1)
            {
                database = database with { Owner = database.Owner.With(shard, 0) };
            }
        }

        return database with { RowGen = database.RowGen.With(node, 0), RowBeats = database.RowBeats.With(node, 0) };
    }

    private static Snapshot Release(Snapshot database, in Request request, Mutation mutation)
    {
        for (int shard = 0; shard < 2; shard++)
        {
            bool isMine = database.Owner[shard] == request.Node + 1 && database.RowGen[request.Node] == request.Gen;
            bool isSame = database.Seq[shard] == request.Seqs[shard] || mutation == Mutation.ClaimKeepsRange;
            if ((request.Mask & (1 << shard)) != 0 && isMine && isSame)
            {
                database = database with { Owner = database.Owner.With(shard, mutation == Mutation.ReleasedForEver ? Nowhere : 0) };
            }
        }

        return database;
    }

    private static (Shared After, Answer Answer) Claim(Shared shared, in Request request, Mutation mutation)
    {
        Snapshot database = shared.Database;
        byte claimed = 0;
        Pair seqs = default;
        bool locks = mutation is not (Mutation.NoFence or Mutation.FenceWithoutLock);
        for (int shard = 0; shard < 2; shard++)
        {
            int bit = 1 << shard;
            bool isFree = database.Owner[shard] == 0 || database.Owner[shard] == request.Node + 1;
            bool isLocked = locks && (shared.Checked & bit) != 0;
            bool isSeen = database.Seq[shard] == request.Seqs[shard] || mutation == Mutation.ClaimKeepsRange;
            if ((request.Mask & bit) != 0 && isFree && isSeen && !isLocked && database.RowGen[request.Node] == request.Gen)
            {
                claimed |= (byte)bit;
                seqs = seqs.With(shard, Fresh);
                database = database with { Owner = database.Owner.With(shard, request.Node + 1), Seq = database.Seq.With(shard, Fresh) };
            }
        }

        shared = shared with
        {
            Database = database,
            Opened = (byte)(shared.Opened & ~claimed),
            OpenedBefore = (byte)(shared.OpenedBefore | (shared.Opened & claimed)),
            Checked = (byte)(shared.Checked & ~claimed),
            Overtaken = (byte)(shared.Overtaken | (shared.Checked & claimed)),
        };
        return (shared, new Answer(Ask.Claim, default, 0, claimed, seqs));
    }
}
