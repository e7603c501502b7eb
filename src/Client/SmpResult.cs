using System.Diagnostics.CodeAnalysis;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Client;

/// <summary>
/// What a command came to: the router's answer or the reason why there is none. <c>await</c> on an
/// <see cref="SmpCall{T}"/> throws on failure; callers for whom failures are ordinary take this value instead.
/// </summary>
/// <typeparam name="T">What the command returns.</typeparam>
public readonly struct SmpResult<T>
{
    private readonly T? _value;

    private SmpResult(T? value, SmpFailure? failure)
    {
        _value = value;
        Failure = failure;
    }

    /// <summary>Null on success.</summary>
    public SmpFailure? Failure { get; }

    /// <summary>True when the command succeeded.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    /// <summary>The error that the router answered; null on success and when the router did not answer.</summary>
    public SmpError? Error => (Failure as RouterRefusal)?.Error;

    /// <summary>The answer.</summary>
    /// <exception cref="SmpException">The command failed.</exception>
    public T Value => Succeeded ? _value! : throw new SmpException(Failure);

    /// <summary>A success.</summary>
    public static implicit operator SmpResult<T>(T value) => new(value, failure: null);

    /// <summary>A failure.</summary>
    public static implicit operator SmpResult<T>(SmpFailure failure) => new(value: default, failure);
}
