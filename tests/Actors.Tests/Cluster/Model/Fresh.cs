namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Numbers that are greater than all of their kind that anybody still knows.</summary>
internal static class Fresh
{
    public static byte Gen(World world, int node)
    {
        int most = Math.Max(world.Database.RowGen[node], world.Node(node).Gen);
        for (int index = 0; index < 2; index++)
        {
            Process process = world.Node(index);
            most = Math.Max(most, Math.Max(process.WatchedGen, process.Answered.Seen.RowGen[node]));
            most = Math.Max(most, process.Answered.Gen);
            most = Math.Max(most, Of(process.Asked));
        }

        return (byte)(Math.Max(most, Of(world.Late)) + 1);

        static int Of(in Request request) => Math.Max(request.Gen, request.TargetGen);
    }

    public static byte Beats(World world, int node)
    {
        int most = Math.Max(world.Database.RowBeats[node], world.Late.TargetBeats);
        for (int index = 0; index < 2; index++)
        {
            Process process = world.Node(index);
            most = Math.Max(most, Math.Max(process.WatchedBeats, process.Answered.Seen.RowBeats[node]));
            most = Math.Max(most, process.Asked.TargetBeats);
        }

        return (byte)(most + 1);
    }

    // The database's is the greatest.
    public static byte Claim(World world, int shard) => (byte)(world.Database.Seq[shard] + 1);
}
