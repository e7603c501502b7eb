namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>How a proxy, or a client itself, failed to get an answer from a router (S-213).</summary>
public abstract record BrokerError
{
    /// <summary>No answer in time.</summary>
    public static BrokerError Timeout { get; } = new SimpleBrokerError("TIMEOUT");

    /// <summary>No host of the address may be used.</summary>
    public static BrokerError Host { get; } = new SimpleBrokerError("HOST");

    /// <summary>The router refused the service's credentials.</summary>
    public static BrokerError NoService { get; } = new SimpleBrokerError("NO_SERVICE");
}

/// <summary>A broker error that is its tag alone.</summary>
public sealed record SimpleBrokerError(string Tag) : BrokerError;

/// <summary><c>RESPONSE</c>: an answer that cannot be read. At most 255 Latin-1 characters travel (S-013).</summary>
public sealed record BrokerResponseError(string Text) : BrokerError;

/// <summary><c>UNEXPECTED</c>: an answer that does not belong to the command. At most 255 Latin-1 characters travel (S-013).</summary>
public sealed record BrokerUnexpectedError(string Text) : BrokerError;

/// <summary><c>TRANSPORT</c>: the connection failed above TLS.</summary>
public sealed record BrokerTransportError(TransportError Error) : BrokerError;

/// <summary><c>NETWORK</c>: the connection failed. Its detail is read but never written (S-213).</summary>
public sealed record BrokerNetworkError(NetworkErrorKind Kind, string? Detail = null) : BrokerError;

/// <summary>Kinds of <see cref="BrokerNetworkError"/>.</summary>
public enum NetworkErrorKind : byte
{
    /// <summary><c>FAILED</c>: nothing more is known.</summary>
    Failed = 1,

    /// <summary><c>CONNECT</c>, with detail.</summary>
    Connect,

    /// <summary><c>TLS</c>, with detail.</summary>
    Tls,

    /// <summary><c>UNKNOWNCA</c>: another identity than the address names.</summary>
    UnknownCa,

    /// <summary><c>TIMEOUT</c>.</summary>
    Timeout,

    /// <summary><c>SUBSCRIBE</c>, with detail.</summary>
    Subscribe,
}
