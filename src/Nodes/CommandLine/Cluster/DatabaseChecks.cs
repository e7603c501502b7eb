using System.Collections.Immutable;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>Checks the database that the nodes share, and what they agreed on in it.</summary>
/// <param name="config">Of the node.</param>
/// <param name="fingerprint">Of the router identity that the node has; null when it has none.</param>
internal sealed class DatabaseChecks(RouterConfig config, byte[]? fingerprint) : IAsyncDisposable
{
    private const string About = "database";

    private readonly NpgsqlDataSource _source = ClusterDataSource.Create(config.Store.Postgres!, config.Cluster.Ownership);

    /// <summary>The other members, once the checks ran.</summary>
    public IReadOnlyList<ClusterNode> Others { get; private set; } = [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>The findings.</summary>
    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        (DatabaseFacts? facts, Finding? refused) = await ConnectAsync(cancellation);
        if (facts is null)
        {
            yield return refused!;
            yield break;
        }

        foreach (Finding finding in facts.Judge(config.Store.PostgresConnections))
        {
            yield return finding;
        }

        if (facts.SchemaVersion == 0)
        {
            yield return Finding.Ok("cluster", "there is none yet: this node begins it");
            yield break;
        }

        foreach (Finding finding in await AgreementAsync(cancellation))
        {
            yield return finding;
        }
    }

    private async Task<(DatabaseFacts? Facts, Finding? Refused)> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            return (await DatabaseFacts.ReadAsync(_source, cancellation), null);
        }
        catch (NpgsqlException e)
        {
            return (null, Finding.Problem(About, PostgresErrors.Describe(e, PostgresErrors.Place(_source.ConnectionString))));
        }
    }

    private async Task<IReadOnlyList<Finding>> AgreementAsync(CancellationToken cancellation)
    {
        try
        {
            (int Shards, ImmutableArray<byte> Fingerprint)? agreed = await ClusterStatusReader.ReadAgreementAsync(_source, cancellation);
            ClusterStatus status = await ClusterStatusReader.ReadAsync(_source, cancellation);
            Others = [.. status.Nodes.Select(each => each.Node).Where(node => node.Name != config.Cluster.Node)];
            return agreed is null
                ? [Finding.Ok("cluster", "there is none yet: this node begins it")]
                : [Shards(agreed.Value.Shards), Identity(agreed.Value.Fingerprint), Name(status)];
        }
        catch (NpgsqlException e)
        {
            return [Finding.Problem("cluster", ClusterDatabaseOption.Describe(e, _source))];
        }
    }

    private Finding Shards(int agreed) => agreed == config.Cluster.Shards
        ? Finding.Ok("shards", $"{agreed}, as in the cluster")
        : Finding.Problem("shards", $"this node has {config.Cluster.Shards}, the cluster {agreed}: set cluster.shards to {agreed}, or change the cluster with 'cluster shards {config.Cluster.Shards}'");

    private Finding Identity(ImmutableArray<byte> agreed)
    {
        const string about = "router identity";
        return fingerprint is null ? Finding.Problem(about, "not compared: this node has none")
            : agreed.IsEmpty ? Finding.Note(about, "the cluster has none yet: this node decides")
            : agreed.AsSpan().SequenceEqual(fingerprint) ? Finding.Ok(about, "that of the cluster")
            : Finding.Problem(about, $"the cluster has {TextOf(agreed)}, this node another: copy the folder {config.Identity.Folder} from a node that serves");
    }

    private Finding Name(ClusterStatus status)
    {
        const string about = "name";
        string name = config.Cluster.Node!;
        ClusterNode? same = status.Nodes.Select(each => each.Node).FirstOrDefault(node => node.Name == name);
        return same is null ? Finding.Ok(about, $"{name} is free")
            : same.SinceHeartbeat < config.Cluster.Ownership.ClaimAfter
                ? Finding.Problem(about, $"a node {name} runs at {ClusterReport.LinkOf(same)} (heartbeat {ClusterReport.Seconds(same.SinceHeartbeat)} s ago): stop it, or choose another cluster.node")
                : Finding.Note(about, $"a node {name} ended without leaving; this one takes its place after {DurationText.Of(config.Cluster.Ownership.ClaimAfter)}");
    }

    private static string TextOf(ImmutableArray<byte> agreed) => System.Buffers.Text.Base64Url.EncodeToString(agreed.AsSpan()) + "=";
}
