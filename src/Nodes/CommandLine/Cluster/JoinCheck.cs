using System.Runtime.CompilerServices;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>Looks at everything that a node needs to join its cluster, in the order in which the start would need it.</summary>
/// <param name="config">Of the node; it could be read, so it is valid.</param>
/// <param name="time">The clock of certificates.</param>
internal sealed class JoinCheck(RouterConfig config, TimeProvider time)
{
    /// <summary>The findings, each as soon as it is known.</summary>
    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!config.Cluster.IsOn)
        {
            yield return Finding.Problem("configuration", "it is that of a router that is alone: set cluster.node and store.postgres");
            yield break;
        }

        yield return Finding.Ok("configuration", $"valid, for node {config.Cluster.Node}");
        (Finding identity, byte[]? fingerprint) = Identity();
        yield return identity;
        yield return LinkChecks.Certificate(config.Cluster, time);
        foreach (Finding finding in LinkChecks.Ports(config))
        {
            yield return finding;
        }

        yield return await LinkChecks.OwnHostAsync(config.Cluster, cancellation);
        await using var database = new DatabaseChecks(config, fingerprint);
        await foreach (Finding finding in database.RunAsync(cancellation))
        {
            yield return finding;
        }

        foreach (Finding finding in await LinkChecks.OthersAsync(database.Others, cancellation))
        {
            yield return finding;
        }
    }

    private (Finding Finding, byte[]? Fingerprint) Identity()
    {
        const string about = "identity";
        try
        {
            using RouterCredentials credentials = IdentityFolder.Load(config.Identity.Folder);
            Finding finding = IdentityFolder.AuthorityKeyIsPresent(config.Identity.Folder)
                ? Finding.Note(about, $"{credentials.FingerprintText}; move {CredentialFiles.AuthorityKey} to a safe offline place, no node needs it")
                : Finding.Ok(about, credentials.FingerprintText);
            return (finding, credentials.Identity);
        }
        catch (StartException e)
        {
            return (Finding.Problem(about, $"{e.Message}; every node needs the same ca.crt, fingerprint, server.crt and server.key"), null);
        }
    }
}
