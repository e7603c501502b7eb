using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// Ed448 and X448 by OpenSSL. Importing a public key costs nothing; importing a private key multiplies the
/// base point, so <see cref="PrivateKey"/> keeps the handle.
/// </summary>
internal static class Curve448
{
    private const int X448Type = 1035;
    private const int Ed448Type = 1088;

    internal static OpenSsl.KeyHandle ImportPrivate(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw) =>
        Checked(OpenSsl.NewRawPrivateKey(TypeOf(algorithm), IntPtr.Zero, raw, (nuint)raw.Length));

    internal static void PublicOf(OpenSsl.KeyHandle key, Span<byte> publicKey)
    {
        nuint length = (nuint)publicKey.Length;
        Check(OpenSsl.GetRawPublicKey(key, publicKey, ref length) == 1 && length == (nuint)publicKey.Length);
    }

    internal static void Sign(OpenSsl.KeyHandle key, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require.Length(signature, Signature.Ed448Length);
        using OpenSsl.DigestHandle context = Checked(OpenSsl.NewDigest());
        nuint length = (nuint)signature.Length;
        Check(OpenSsl.SignInit(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, key) == 1
            && OpenSsl.Sign(context, signature, ref length, message, (nuint)message.Length) == 1);
    }

    internal static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require.Length(signature, Signature.Ed448Length);
        using OpenSsl.KeyHandle key = Checked(OpenSsl.NewRawPublicKey(Ed448Type, IntPtr.Zero, publicKey, (nuint)publicKey.Length));
        using OpenSsl.DigestHandle context = Checked(OpenSsl.NewDigest());
        Check(OpenSsl.VerifyInit(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, key) == 1);
        bool valid = OpenSsl.Verify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
        if (!valid)
        {
            OpenSsl.ClearErrors();
        }

        return valid;
    }

    /// <summary>False, with <paramref name="secret"/> all zero, when the public key has a small order.</summary>
    internal static bool TryAgree(OpenSsl.KeyHandle key, ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        using OpenSsl.KeyHandle peer = Checked(OpenSsl.NewRawPublicKey(X448Type, IntPtr.Zero, publicKey, (nuint)publicKey.Length));
        using OpenSsl.KeyContextHandle context = Checked(OpenSsl.NewKeyContext(key, IntPtr.Zero));
        nuint length = (nuint)secret.Length;
        Check(OpenSsl.DeriveInit(context) == 1);
        if (OpenSsl.DeriveSetPeer(context, peer) == 1 && OpenSsl.Derive(context, secret, ref length) == 1)
        {
            return true;
        }

        OpenSsl.ClearErrors();
        secret.Clear();
        return false;
    }

    private static int TypeOf(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.X448 => X448Type,
        KeyAlgorithm.Ed448 => Ed448Type,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a key on Curve448."),
    };

    private static T Checked<T>(T handle)
        where T : System.Runtime.InteropServices.SafeHandle
    {
        Check(!handle.IsInvalid);
        return handle;
    }

    private static void Check(bool success)
    {
        if (!success)
        {
            OpenSsl.ClearErrors();
            throw new CryptographicException("OpenSSL refused an operation on Curve448.");
        }
    }
}
