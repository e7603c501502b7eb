using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// One run of the router, from its configuration to its exit code: compose, start, print the address, wait
/// for a signal, stop. Whatever ends the run, the store is closed before the process ends.
/// </summary>
internal static class RouterRun
{
    /// <summary>Runs until the first SIGINT or SIGTERM.</summary>
    /// <exception cref="StartException">The router cannot start for a reason that the operator can remove.</exception>
    public static async Task<int> RunAsync(RouterConfig config)
    {
        using var signals = new TerminationSignals();
        using ILoggerFactory logging = RouterLogging.Create(config.Log.Level);
        ILogger logger = logging.CreateLogger("Router");
        try
        {
            return await RunAsync(config, signals, logging, logger);
        }
        catch (OperationCanceledException) when (signals.Received.IsCancellationRequested)
        {
            // The signal came while starting; nothing was promised to anybody yet.
            HostLog.Stopped(logger);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is not StartException)
        {
            HostLog.Failed(logger, e);
            return ExitCode.Failure;
        }
    }

    private static async Task<int> RunAsync(RouterConfig config, TerminationSignals signals, ILoggerFactory logging, ILogger logger)
    {
        TimeProvider time = TimeProvider.System;
        using RouterCredentials credentials = IdentityFolder.Load(config.Identity.Folder);
        await using RouterHost host = await RouterComposition.ComposeAsync(config, credentials, logging, time, () => signals.Request("drain"), signals.Received);
        await host.StartAsync(signals.Received);
        HostLog.Started(logger, ProgramVersion.Number, credentials.FingerprintText, string.Join(',', host.Ports));
        if (IdentityFolder.AuthorityKeyIsPresent(config.Identity.Folder))
        {
            HostLog.AuthorityKeyOnline(logger, CredentialFiles.AuthorityKey);
        }

        if (config.Web.Certificate is not null)
        {
            int port = host.Ports[Math.Max(0, config.Smp.Ports.ToList().IndexOf(config.Web.Port))];
            HostLog.WebPage(logger, new UriBuilder(Uri.UriSchemeHttps, config.Smp.Hosts[0].Trim('[', ']'), port).Uri.AbsoluteUri);
        }

        // The password stays out of standard output, which services keep in their journals (O-618).
        var address = new RouterAddress(credentials.FingerprintText, Password: null, config.Smp.Hosts, host.Ports[0]);
        AddressPrinter.Print(Console.Out, address, terminal: !Console.IsOutputRedirected);

        await await Task.WhenAny(signals.First, host.Broken);
        string signal = await signals.First;
        HostLog.Stopping(logger, signal);
        TimeSpan drain = config.Cluster.IsOn ? config.Cluster.DrainTime : TimeSpan.Zero;
        bool clean = await host.StopAsync(config.Limits.StopTimeout + drain, time);
        await host.DisposeAsync();
        HostLog.Stopped(logger);
        return clean ? ExitCode.Success : ExitCode.Failure;
    }
}
