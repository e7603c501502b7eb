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
        ConnectProblem.Handshake => "The router's hello is malformed or does not verify.",
        ConnectProblem.Session => "The router's hello belongs to another TLS session.",
        ConnectProblem.Version => "The router and the client have no protocol version in common.",
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

    /// <summary>Its hello cannot be read, or its session key does not verify (S-069).</summary>
    Handshake,

    /// <summary>Its hello carries another session id than TLS gave: somebody stands between (S-097).</summary>
    Session,

    /// <summary>No version in common (S-097).</summary>
    Version,
}
