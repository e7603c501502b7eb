using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>
/// OpenSSL's view of the transport: a BIO whose reads and writes go to the <see cref="TlsSession"/> that is in the
/// middle of a call. It holds no bytes, so an idle connection has no buffer here (a pair of memory BIOs costs 40 KB).
/// </summary>
internal static unsafe class TransportBio
{
    private static readonly nint Method = CreateMethod();

    /// <summary>A BIO that belongs to the session behind <paramref name="owner"/>.</summary>
    public static nint Create(GCHandle owner)
    {
        nint bio = LibSsl.NewBio(Method);
        if (bio == 0)
        {
            throw OpenSslError.Fault("make a BIO");
        }

        LibSsl.SetBioData(bio, GCHandle.ToIntPtr(owner));
        return bio;
    }

    /// <summary>The session that owns an SSL.</summary>
    public static TlsSession OwnerOf(nint ssl) => OwnerOfBio(LibSsl.ReadBioOf(ssl));

    private static TlsSession OwnerOfBio(nint bio) => (TlsSession)GCHandle.FromIntPtr(LibSsl.BioData(bio)).Target!;

    private static nint CreateMethod()
    {
        nint method = LibSsl.NewBioMethod(LibSsl.NewBioIndex() | LibSsl.BioSourceSink, "transport");
        if (method == 0
            || LibSsl.SetBioRead(method, &Read) != 1
            || LibSsl.SetBioWrite(method, &Write) != 1
            || LibSsl.SetBioControl(method, &Control) != 1
            || LibSsl.SetBioCreate(method, &Initialise) != 1)
        {
            throw OpenSslError.Fault("define a BIO");
        }

        return method;
    }

    [UnmanagedCallersOnly]
    private static int Initialise(nint bio)
    {
        LibSsl.SetBioInit(bio, 1);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* buffer, int length)
    {
        LibSsl.ClearBioFlags(bio, LibSsl.BioFlagsAllRetry);
        int count = OwnerOfBio(bio).TakeInput(new Span<byte>(buffer, length));
        if (count == 0)
        {
            LibSsl.SetBioFlags(bio, LibSsl.BioFlagsReadRetry);
            return -1;
        }

        return count;
    }

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* data, int length)
    {
        LibSsl.ClearBioFlags(bio, LibSsl.BioFlagsAllRetry);
        return OwnerOfBio(bio).TryPutOutput(new ReadOnlySpan<byte>(data, length)) ? length : -1;
    }

    [UnmanagedCallersOnly]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == LibSsl.BioControlFlush ? 1 : 0;
}
