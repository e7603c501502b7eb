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
    /// <inheritdoc/>
    public override string Message => $"The router's answer to {Command} is not one that the protocol allows.";
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
