using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Client;

/// <summary>A command failed, or no connection could be made.</summary>
public sealed class SmpException : Exception
{
    /// <summary>Wraps a failure.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="inner">The fault below it, where there is one.</param>
    public SmpException(SmpFailure failure, Exception? inner = null)
        : base((failure ?? throw new ArgumentNullException(nameof(failure))).Message, inner) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public SmpFailure Failure { get; }

    /// <summary>The error that the router answered; null when it did not answer.</summary>
    public SmpError? Error => (Failure as RouterRefusal)?.Error;
}
