namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>Errors of the protocol (section 11 of the specification).</summary>
public abstract record SmpError
{
    /// <summary>Malformed block or transmission (S-209).</summary>
    public static SmpError Block { get; } = new SimpleError("BLOCK");

    /// <summary>Other session id than the connection's, v6 only (S-210).</summary>
    public static SmpError Session { get; } = new SimpleError("SESSION");

    /// <summary>Bad or missing authorisation, or no such entity (S-214).</summary>
    public static SmpError Auth { get; } = new SimpleError("AUTH");

    /// <summary>Rules of service sessions broken (S-216).</summary>
    public static SmpError Service { get; } = new SimpleError("SERVICE");

    /// <summary>A forwarded command does not decrypt (S-217).</summary>
    public static SmpError Crypto { get; } = new SimpleError("CRYPTO");

    /// <summary>The queue is full (S-218).</summary>
    public static SmpError Quota { get; } = new SimpleError("QUOTA");

    /// <summary>ACK without a delivered message (S-220).</summary>
    public static SmpError NoMsg { get; } = new SimpleError("NO_MSG");

    /// <summary>Body over the limit (S-221).</summary>
    public static SmpError LargeMsg { get; } = new SimpleError("LARGE_MSG");

    /// <summary>Never sent by an SMP router (S-222).</summary>
    public static SmpError Expired { get; } = new SimpleError("EXPIRED");

    /// <summary>A fault of the router (S-223).</summary>
    public static SmpError Internal { get; } = new SimpleError("INTERNAL");

    /// <summary>Never on the wire (S-225).</summary>
    public static SmpError Duplicate { get; } = new SimpleError("DUPLICATE_");

    /// <summary>The proxy needs a password, or another one (S-212).</summary>
    public static SmpError ProxyBasicAuth { get; } = new SimpleError("PROXY BASIC_AUTH");

    /// <summary>The proxy has no such session with a relay (S-212).</summary>
    public static SmpError ProxyNoSession { get; } = new SimpleError("PROXY NO_SESSION");

    /// <summary>This router resolves no names (S-224).</summary>
    public static SmpError NameNoResolver { get; } = new SimpleError("NAME NO_RESOLVER");

    /// <summary>No such name (S-224).</summary>
    public static SmpError NameNotFound { get; } = new SimpleError("NAME NOT_FOUND");

    /// <summary>The text form, for people and logs.</summary>
    public sealed override string ToString() => SmpErrorText.Of(this);
}

/// <summary>An error that is its text alone.</summary>
public sealed record SimpleError(string Tag) : SmpError;

/// <summary><c>CMD</c>: the command itself is wrong (S-211).</summary>
public sealed record CmdError(CmdErrorKind Kind) : SmpError
{
    /// <summary><c>CMD UNKNOWN</c>.</summary>
    public static CmdError Unknown { get; } = new(CmdErrorKind.UNKNOWN);

    /// <summary><c>CMD SYNTAX</c>.</summary>
    public static CmdError Syntax { get; } = new(CmdErrorKind.SYNTAX);

    /// <summary><c>CMD PROHIBITED</c>.</summary>
    public static CmdError Prohibited { get; } = new(CmdErrorKind.PROHIBITED);

    /// <summary><c>CMD NO_AUTH</c>.</summary>
    public static CmdError NoAuth { get; } = new(CmdErrorKind.NO_AUTH);

    /// <summary><c>CMD HAS_AUTH</c>.</summary>
    public static CmdError HasAuth { get; } = new(CmdErrorKind.HAS_AUTH);

    /// <summary><c>CMD NO_ENTITY</c>.</summary>
    public static CmdError NoEntity { get; } = new(CmdErrorKind.NO_ENTITY);
}

/// <summary>Kinds of <see cref="CmdError"/>, as the protocol spells them.</summary>
public enum CmdErrorKind : byte
{
#pragma warning disable CS1591, CA1707 // The names are the tags themselves.
    UNKNOWN = 1, SYNTAX, PROHIBITED, NO_AUTH, HAS_AUTH, NO_ENTITY,
#pragma warning restore CS1591, CA1707
}

/// <summary><c>BLOCKED</c>; <c>AUTH</c> below v12 (S-215).</summary>
public sealed record BlockedError(BlockingInfo Info) : SmpError;

/// <summary><c>STORE</c>: the store failed; the text never holds details of the router (S-219, S-491).</summary>
public sealed record StoreError(string Text) : SmpError
{
    /// <summary>What this router sends, whatever its store suffers: clients learn nothing of the router (S-491).</summary>
    public static StoreError Unavailable { get; } = new("temporarily unavailable");
}

/// <summary><c>NAME RESOLVER</c>: the resolver failed (S-224, S-362).</summary>
public sealed record NameResolverError(string Text) : SmpError;

/// <summary><c>PROXY PROTOCOL</c>: the relay refused the proxy (S-212).</summary>
public sealed record ProxyProtocolError(SmpError Error) : SmpError;

/// <summary><c>PROXY BROKER</c>: the proxy got no answer from the relay (S-212).</summary>
public sealed record ProxyBrokerError(BrokerError Error) : SmpError;
