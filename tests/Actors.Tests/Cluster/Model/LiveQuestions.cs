namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What a question can still change in the database: a number that is not the database's now will never be.</summary>
internal sealed class LiveQuestions(Mutation mutation)
{
    /// <summary>A question without what it cannot change any more; nothing when that is all.</summary>
    public Request Of(in Request request, in Snapshot database)
    {
        switch (request.Kind)
        {
            case Ask.Beat:
                return request.Gen == database.RowGen[request.Node] ? request : default;
            case Ask.Declare:
                bool isSilent = request.TargetBeats == database.RowBeats[request.Target] || mutation == Mutation.DeclareUnchecked;
                return request.TargetGen == database.RowGen[request.Target] && isSilent
                    ? request with { Node = 0, Gen = 0 }
                    : default;
            case Ask.Release:
                return Masked(request, Releases(request, database));
            case Ask.Claim:
                return Masked(request, Claims(request.Mask, request.Gen, request.Node, request.Seqs, database));
            default:
                return default;
        }
    }

    /// <summary>Bits of the shards that can still be claimed.</summary>
    public byte Claims(byte mask, byte gen, byte node, Pair seqs, in Snapshot database)
    {
        byte live = 0;
        for (int shard = 0; shard < 2 && gen == database.RowGen[node]; shard++)
        {
            bool isSame = seqs[shard] == database.Seq[shard] || mutation == Mutation.ClaimKeepsRange;
            live |= (byte)(isSame ? mask & (1 << shard) : 0);
        }

        return live;
    }

    private byte Releases(in Request request, in Snapshot database)
    {
        byte mask = Claims(request.Mask, request.Gen, request.Node, request.Seqs, database);
        for (int shard = 0; shard < 2 && mutation != Mutation.ClaimKeepsRange; shard++)
        {
            mask &= (byte)(database.Owner[shard] == request.Node + 1 ? 3 : ~(1 << shard));
        }

        return mask;
    }

    private static Request Masked(in Request request, byte mask) => mask == 0 ? default : request with { Mask = mask };
}
