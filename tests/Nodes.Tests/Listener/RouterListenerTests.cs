using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Listener;

public sealed class RouterListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.WouldBlock)]
    [InlineData(SocketError.NetworkDown)]
    [InlineData(SocketError.ProtocolOption)]
    [InlineData(SocketError.HostDown)]
    [InlineData(SocketError.HostUnreachable)]
    [InlineData(SocketError.OperationNotSupported)]
    [InlineData(SocketError.NetworkUnreachable)]
    [InlineData(SocketError.SocketError)]
    [Spec("S-033")]
    public void Errors_of_one_connection_are_retried_at_once(SocketError error)
    {
        Assert.Equal(TimeSpan.Zero, AcceptRetry.DelayAfter(error, 1));
        Assert.Equal(TimeSpan.Zero, AcceptRetry.DelayAfter(error, ListenerLimits.ImmediateRetries));
        Assert.Equal(ListenerLimits.FirstBackOff, AcceptRetry.DelayAfter(error, ListenerLimits.ImmediateRetries + 1));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.AccessDenied)]
    [Spec("S-486")]
    public void Shortages_are_retried_after_growing_pauses(SocketError error)
    {
        Assert.Equal(ListenerLimits.FirstBackOff, AcceptRetry.DelayAfter(error, 1));
        Assert.Equal(ListenerLimits.FirstBackOff * 2, AcceptRetry.DelayAfter(error, 2));
        Assert.Equal(ListenerLimits.MaxBackOff, AcceptRetry.DelayAfter(error, 10));
        Assert.Equal(ListenerLimits.MaxBackOff, AcceptRetry.DelayAfter(error, int.MaxValue));
    }

    [Fact]
    [Spec("S-033", "S-394", "S-486")]
    public async Task No_error_ends_the_listener()
    {
        SocketError[] errors =
        [
            SocketError.ConnectionAborted, SocketError.TooManyOpenSockets, SocketError.NoBufferSpaceAvailable,
            SocketError.NetworkDown, SocketError.SocketError, SocketError.AccessDenied,
        ];
        int calls = 0;
        Socket listening = ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance);
        var statistics = new PortStatistics(1);
        await using RouterListener listener = Create(
            listening, statistics, token => calls < errors.Length ? throw new SocketException((int)errors[calls++]) : listening.AcceptAsync(token));

        using Socket client = await ConnectAsync(listener.EndPoint);
        ConnectionContext? accepted = await listener.AcceptAsync(Cancellation);
        Assert.NotNull(accepted);
        Assert.Equal(errors.Length, calls);
        Assert.Equal(new SocketCounts(1, 0, 1, 0), statistics.Read());
        await accepted.DisposeAsync();
        await accepted.DisposeAsync();
        Assert.Equal(new SocketCounts(1, 1, 0, 0), statistics.Read());
    }

    [Fact]
    [Spec("S-037")]
    public async Task Unbinding_ends_an_accept_that_waits()
    {
        await using RouterListener listener = Create(ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance), new PortStatistics(1));
        ValueTask<ConnectionContext?> waiting = listener.AcceptAsync(Cancellation);
        Assert.False(waiting.IsCompleted);
        await listener.UnbindAsync(Cancellation);
        Assert.Null(await waiting);
        Assert.Null(await listener.AcceptAsync(Cancellation));
    }

    [Fact]
    [Spec("S-486")]
    public async Task Unbinding_ends_a_pause()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RouterListener listener = Create(
            ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance),
            new PortStatistics(1),
            _ =>
            {
                reached.TrySetResult();
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            });
        Task<ConnectionContext?> waiting = listener.AcceptAsync(Cancellation).AsTask();
        await reached.Task;
        await listener.UnbindAsync(Cancellation);
        Assert.Null(await waiting);
    }

    [Fact]
    [Spec("S-031")]
    public async Task All_addresses_means_both_kinds()
    {
        using Socket listening = ListeningSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), NullLogger.Instance);
        int port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        using Socket overIPv4 = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        (await listening.AcceptAsync(Cancellation)).Dispose();
        if (listening.AddressFamily == AddressFamily.InterNetworkV6)
        {
            using Socket overIPv6 = await ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, port));
            (await listening.AcceptAsync(Cancellation)).Dispose();
        }
    }

    [Fact]
    [Spec("S-031")]
    public async Task Without_IPv6_there_is_IPv4()
    {
        using Socket listening = ListeningSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), NullLogger.Instance, family =>
            family == AddressFamily.InterNetworkV6
                ? throw new SocketException((int)SocketError.AddressFamilyNotSupported)
                : new Socket(family, SocketType.Stream, ProtocolType.Tcp));
        Assert.Equal(AddressFamily.InterNetwork, listening.AddressFamily);
        using Socket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listening.LocalEndPoint!).Port));
    }

    [Fact]
    [Spec("S-031")]
    public void A_port_in_use_is_said_so()
    {
        using Socket first = ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance);
        Assert.Throws<AddressInUseException>(() => ListeningSocket.Bind((IPEndPoint)first.LocalEndPoint!, NullLogger.Instance));
    }

    [Fact]
    [Spec("S-031")]
    public async Task A_port_can_be_used_again_at_once()
    {
        EndPoint endPoint;
        using (Socket first = ListeningSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance))
        {
            endPoint = first.LocalEndPoint!;
            using Socket client = await ConnectAsync(endPoint);
            (await first.AcceptAsync(Cancellation)).Dispose();
            _ = await client.ReceiveAsync(new byte[1], Cancellation);
        }

        using Socket second = ListeningSocket.Bind((IPEndPoint)endPoint, NullLogger.Instance);
    }

    [Fact]
    [Spec("S-030", "S-035")]
    public async Task Every_port_has_statistics_of_its_own()
    {
        var factory = new RouterListenerFactory(NullLoggerFactory.Instance, TimeProvider.System);
        await using IConnectionListener first = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        await using IConnectionListener second = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        using Socket client = await ConnectAsync(second.EndPoint);
        await using ConnectionContext? accepted = await second.AcceptAsync(Cancellation);
        Assert.Equal(2, factory.Statistics.Count);
        Assert.Equal(0, factory.Statistics.Single(port => port.Port == ((IPEndPoint)first.EndPoint).Port).Read().Accepted);
        Assert.Equal(1, factory.Statistics.Single(port => port.Port == ((IPEndPoint)second.EndPoint).Port).Read().Accepted);
    }

    [Fact]
    [Spec("S-488", "S-035")]
    public async Task A_connection_beyond_the_limit_of_its_address_is_closed_when_it_is_accepted()
    {
        RatesConfig config = ConfigLoader.Load(null, new Dictionary<string, string>()).Rates with { Trusted = [], AddressConnections = 1 };
        var factory = new RouterListenerFactory(NullLoggerFactory.Instance, TimeProvider.System, new AddressTable(config, TimeProvider.System));
        await using IConnectionListener listener = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        using Socket first = await ConnectAsync(listener.EndPoint);
        ConnectionContext? accepted = await listener.AcceptAsync(Cancellation);
        Assert.NotNull(accepted?.Features.Get<AddressUse>());

        ValueTask<ConnectionContext?> next = listener.AcceptAsync(Cancellation);
        using Socket second = await ConnectAsync(listener.EndPoint);
        Assert.Equal(0, await second.ReceiveAsync(new byte[1], Cancellation));
        await accepted.DisposeAsync();
        using Socket third = await ConnectAsync(listener.EndPoint);
        await using ConnectionContext? taken = await next;
        Assert.NotNull(taken);
        Assert.Equal(new SocketCounts(3, 2, 1, 0), Assert.Single(factory.Statistics).Read());
    }

    private static RouterListener Create(Socket listening, PortStatistics statistics, Func<CancellationToken, ValueTask<Socket>>? accept = null) =>
        new(
            listening,
            new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance),
            statistics,
            TimeProvider.System,
            NullLogger.Instance,
            accept);

    private static async Task<Socket> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, Cancellation);
        return socket;
    }
}
