using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>Reads OpenSSL's per-thread error queue: call on the thread of the failed call, before any await.</summary>
internal static class OpenSslError
{
    /// <summary>The reason of the oldest queued error, in OpenSSL's words, and an empty queue.</summary>
    public static string TakeReason()
    {
        nuint error = LibX509.GetError();
        LibX509.ClearErrors();
        return error == 0 ? "no reason given" : Marshal.PtrToStringUTF8(LibX509.ReasonOf(error)) ?? "unknown reason";
    }

    /// <summary>An exception for a call that fails only if memory is short or the library is broken.</summary>
    public static CryptographicException Fault(string action) => new($"OpenSSL could not {action}: {TakeReason()}.");
}
