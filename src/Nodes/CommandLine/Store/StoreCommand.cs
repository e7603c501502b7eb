using System.CommandLine;

namespace SimplexActors.Nodes.CommandLine.Store;

/// <summary><c>simplex-router store</c>: what is done with the store of a router that is stopped.</summary>
internal static class StoreCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create() => new("store", "Copies the store of a router into the database of a cluster.") { MigrateCommand.Create() };
}
