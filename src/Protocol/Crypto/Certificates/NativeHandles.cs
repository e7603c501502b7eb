using Microsoft.Win32.SafeHandles;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>Owns an EVP_PKEY.</summary>
internal sealed class PrivateKeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public PrivateKeyHandle(nint key)
        : base(ownsHandle: true) => SetHandle(key);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibX509.FreeKey(handle);
        return true;
    }
}

/// <summary>Owns an X509.</summary>
internal sealed class CertificateHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public CertificateHandle(nint certificate)
        : base(ownsHandle: true) => SetHandle(certificate);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibX509.FreeCertificate(handle);
        return true;
    }
}
