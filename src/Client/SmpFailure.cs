using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Client;

/// <summary>Why a command or a connection failed. The texts hold no ids, keys or addresses.</summary>
public abstract record SmpFailure
{
    /// <summary>A sentence for people.</summary>
    public abstract string Message { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Message;
}

/// <summary>The router answered the command with an error; the connection goes on.</summary>
/// <param name="Error">As the protocol defines it (section 11 of the specification).</param>
public sealed record RouterRefusal(SmpError Error) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => Error switch
    {
        SimpleError simple => $"The router answered {simple.Tag}.",
        CmdError command => $"The router answered CMD {command.Kind}.",
        _ => $"The router answered {Error.GetType().Name}.",
    };
}

/// <summary>No answer in time. The command may have taken effect or may yet; the connection goes on.</summary>
public sealed record NoAnswer : SmpFailure
{
    /// <summary>The only value.</summary>
    public static NoAnswer Instance { get; } = new();

    /// <inheritdoc/>
    public override string Message => "The router did not answer in time.";
}

/// <summary>The answer cannot be read or does not belong to the command; the connection goes on.</summary>
/// <param name="Command">What was asked.</param>
public sealed record WrongAnswer(SmpCommandTag Command) : SmpFailure
{
    private const int MaxStartCharacters = 32;

    /// <summary>
    /// The start of an answer that can be read and belongs to other commands, at most 32 characters; null when the answer
    /// cannot be read.
    /// </summary>
    public string? Start { get; init; }

    /// <summary>What is wrong with an answer that cannot be read, as the protocol names it.</summary>
    public SmpError Problem { get; init; } = CmdError.Syntax;

    /// <inheritdoc/>
    public override string Message => $"The router's answer to {Command} is not one that the protocol allows.";

    /// <summary>For an answer that can be read.</summary>
    internal static WrongAnswer Of(SmpCommandTag command, ReadOnlySpan<byte> answer) =>
        new(command) { Start = System.Text.Encoding.Latin1.GetString(answer[..Math.Min(answer.Length, MaxStartCharacters)]) };
}

/// <summary>The encrypted answer of a relay or its proxy does not decrypt; the connection goes on.</summary>
/// <param name="Command">What was asked.</param>
public sealed record Undecipherable(SmpCommandTag Command) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => $"The answer to {Command} does not decrypt.";
}

/// <summary>
/// The proxy answered with an error instead of the relay: it does not serve the client, does not reach the relay, or the
/// relay refused what it forwarded (S-212, S-353). The connection to the proxy goes on.
/// </summary>
/// <param name="Error">Mostly a <c>PROXY</c> error.</param>
public sealed record ProxyRefusal(SmpError Error) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => Error switch
    {
        ProxyProtocolError => "The relay refused what the proxy forwarded.",
        ProxyBrokerError => "The proxy does not reach the relay.",
        _ => new RouterRefusal(Error).Message,
    };

    /// <summary>An error of a router as one of the proxy; other failures as they are.</summary>
    internal static SmpFailure Of(SmpFailure failure) => failure is RouterRefusal refusal ? new ProxyRefusal(refusal.Error) : failure;
}

/// <summary>The command does not fit in a block and was not sent (S-124).</summary>
/// <param name="Command">What was asked.</param>
public sealed record CommandTooLarge(SmpCommandTag Command) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => $"{Command} does not fit in a transport block.";
}

/// <summary>The command cannot be said in the version that the connection agreed on, and was not sent.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="MinVersion">Version that brought it.</param>
public sealed record VersionTooLow(SmpCommandTag Command, ushort MinVersion) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => $"{Command} in this form needs protocol version {MinVersion} or later.";
}

/// <summary>The connection ended; every command that waited has this failure.</summary>
/// <param name="Cause">Who ended it, or how it broke.</param>
public sealed record ConnectionLost(ConnectionEnd Cause) : SmpFailure
{
    /// <inheritdoc/>
    public override string Message => Cause switch
    {
        ConnectionEnd.Closed => "The client was closed.",
        ConnectionEnd.ClosedByRouter => "The router closed the connection.",
        ConnectionEnd.Broken => "The connection broke.",
        _ => "The router broke the protocol.",
    };
}

/// <summary>How a connection ended.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>This side closed it.</summary>
    Closed = 1,

    /// <summary>The router closed it between two blocks.</summary>
    ClosedByRouter,

    /// <summary>The network or TLS failed, or the router closed it within a block.</summary>
    Broken,

    /// <summary>A block did not decrypt or could not be read.</summary>
    ProtocolViolation,
}
