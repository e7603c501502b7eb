using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>Why a TLS session could not be made or could not go on. Nothing in it identifies the peer.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Reason">The same in words, mostly OpenSSL's.</param>
/// <param name="Chain">What was wrong with the peer's certificates.</param>
public sealed record TlsFailure(TlsFailureKind Kind, string Reason, ChainVerdict Chain = ChainVerdict.Valid);

/// <summary>Kinds of <see cref="TlsFailure"/>.</summary>
public enum TlsFailureKind
{
    /// <summary>The peer broke TLS, found no common parameters, or sent an alert.</summary>
    Protocol,

    /// <summary>The peer's certificates were refused.</summary>
    Certificate,

    /// <summary>The connection ended without close_notify.</summary>
    Truncated,
}

/// <summary>The TLS session failed; see <see cref="Failure"/>.</summary>
public class TlsException(TlsFailure failure, Exception? cause = null) : IOException($"TLS failed: {failure.Reason}.", cause)
{
    /// <summary>What happened.</summary>
    public TlsFailure Failure { get; } = failure;
}

/// <summary>The connection ended without close_notify: what was received may have been cut off by somebody.</summary>
public sealed class TlsTruncatedException() : TlsException(new TlsFailure(TlsFailureKind.Truncated, "the connection ended without close_notify"));
