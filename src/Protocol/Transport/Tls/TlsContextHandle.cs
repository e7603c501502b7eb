using Microsoft.Win32.SafeHandles;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>Owns an SSL_CTX. Sessions hold their own reference to it.</summary>
internal sealed class TlsContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public TlsContextHandle(nint context)
        : base(ownsHandle: true) => SetHandle(context);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.FreeContext(handle);
        return true;
    }
}
