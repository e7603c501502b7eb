namespace SimplexActors.Client;

/// <summary>No connection could be made.</summary>
/// <param name="Problem">At which step, and why.</param>
public sealed record ConnectFailed(ConnectProblem Problem) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => Problem switch
    {
        ConnectProblem.Unreachable => "The router cannot be reached.",
        ConnectProblem.TimedOut => "The router could not be reached in time.",
        ConnectProblem.Tls => "The router and the client found no common ground in TLS.",
        ConnectProblem.WrongRouter => "The router that answered is not the one that the address names.",
        ConnectProblem.Handshake => "The router's hello is malformed.",
        ConnectProblem.BadKey => "The session key in the router's hello does not verify.",
        ConnectProblem.NoKey => "The router's hello has no session key.",
        ConnectProblem.NoHost => "No host of the router may be connected to.",
        ConnectProblem.Session => "The router's hello belongs to another TLS session.",
        ConnectProblem.Version => "The router and the client have no protocol version in common.",
        ConnectProblem.ServiceNotAuthorised => "The router does not accept the certificate or the key of the service.",
        ConnectProblem.ServiceRefused => "The router does not know the service in this role, or cannot store it.",
        _ => throw new InvalidOperationException("Not a problem of connecting."),
    };
}

/// <summary>Why no connection could be made.</summary>
public enum ConnectProblem : byte
{
    /// <summary>Its name does not resolve or no host accepts.</summary>
    Unreachable = 1,

    /// <summary><see cref="SmpClientOptions.ConnectTimeout"/> passed.</summary>
    TimedOut,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>Its identity certificate is another than the address says (S-067).</summary>
    WrongRouter,

    /// <summary>Its hello cannot be read.</summary>
    Handshake,

    /// <summary>Its hello carries another session id than TLS gave: somebody stands between (S-097).</summary>
    Session,

    /// <summary>No version in common (S-097).</summary>
    Version,

    /// <summary>The session key in its hello does not verify, or is not usable (S-069).</summary>
    BadKey,

    /// <summary>Its hello has no session key, in a version that needs one.</summary>
    NoKey,

    /// <summary>A <see cref="RouterDialer"/> does not allow any of its hosts.</summary>
    NoHost,

    /// <summary>The chain or the key of the service does not verify, or TLS carried another (S-098).</summary>
    ServiceNotAuthorised,

    /// <summary>The service has another role with the router, or its record cannot be stored (S-101).</summary>
    ServiceRefused,
}
