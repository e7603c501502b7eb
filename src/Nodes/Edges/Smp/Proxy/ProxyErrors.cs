using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// What a client is told when a relay could not be asked (S-353). Clients try again later after <c>NETWORK</c>, <c>TIMEOUT</c> and
/// <c>NO_SESSION</c>; after <c>HOST</c> and <c>TRANSPORT VERSION</c> they may go to the relay themselves, which is right for a relay
/// that only this router may not reach.
/// </summary>
internal static class ProxyErrors
{
    /// <summary>No answer in time, or no room for another command.</summary>
    public static SmpError Timeout { get; } = new ProxyBrokerError(BrokerError.Timeout);

    /// <summary>The connection failed, or there is no room for another one.</summary>
    public static SmpError Network { get; } = new ProxyBrokerError(new BrokerNetworkError(NetworkErrorKind.Failed));

    /// <summary>The relay speaks no version in which commands are forwarded.</summary>
    public static SmpError Version { get; } = Transport(TransportError.Version);

    /// <summary>The relay gave no session key.</summary>
    public static SmpError NoAuth { get; } = Transport(TransportError.NoAuth);

    /// <summary>The error for a failure of the connection to a relay or of a command on it.</summary>
    public static SmpError Of(SmpFailure failure) => failure switch
    {
        RouterRefusal refusal => new ProxyProtocolError(refusal.Error),
        WrongAnswer { Start: { } start } => new ProxyBrokerError(new BrokerUnexpectedError(start)),
        WrongAnswer wrong => new ProxyBrokerError(new BrokerResponseError(SmpErrorText.Of(wrong.Problem))),
        NoAnswer => Timeout,
        ConnectionLost => Network,
        CommandTooLarge => Transport(TransportError.LargeMsg),
        Undecipherable => SmpError.Crypto,
        ConnectFailed connect => Of(connect.Problem),
        _ => SmpError.Internal,
    };

    private static SmpError Of(ConnectProblem problem) => problem switch
    {
        ConnectProblem.NoHost => new ProxyBrokerError(BrokerError.Host),
        ConnectProblem.Handshake => Transport(TransportError.HandshakeParse),
        ConnectProblem.BadKey => Transport(TransportError.HandshakeBadAuth),
        ConnectProblem.NoKey => NoAuth,
        ConnectProblem.Session => Transport(TransportError.Session),
        ConnectProblem.Version => Version,
        ConnectProblem.WrongRouter => new ProxyBrokerError(new BrokerNetworkError(NetworkErrorKind.UnknownCa)),
        _ => Network,
    };

    private static ProxyBrokerError Transport(TransportError error) => new(new BrokerTransportError(error));
}
