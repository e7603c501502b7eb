using System.Reflection;
using System.Runtime.InteropServices;

namespace SimplexActors.Protocol.Crypto.Native;

/// <summary>
/// Finds the system's libraries that this assembly calls, and says which Debian package is missing when one
/// is not there. A class with native imports calls <see cref="Register"/> in its static constructor.
/// </summary>
public static class NativeLibraries
{
    internal const string Sodium = "libsodium.so.23";
    internal const string Crypto = "libcrypto.so.3";
    internal const string Ssl = "libssl.so.3";

    private static readonly Dictionary<string, string> PackageOf = new(StringComparer.Ordinal)
    {
        [Sodium] = "libsodium23",
        [Crypto] = "libssl3",
        [Ssl] = "libssl3",
    };

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Loads every library, so that a missing one shows at start and not with the first client.</summary>
    /// <exception cref="DllNotFoundException">One is missing; the message is one line that names its package.</exception>
    public static void Load()
    {
        foreach ((string name, string package) in PackageOf)
        {
            Load(name, package);
        }
    }

    /// <summary>Puts the resolver in place; the static constructor does the work.</summary>
    internal static void Register()
    {
    }

    internal static IntPtr Load(string name, string package)
    {
        if (!NativeLibrary.TryLoad(name, out IntPtr library))
        {
            throw new DllNotFoundException($"{name} was not found: install the Debian package {package}.");
        }

        if (name == Sodium)
        {
            InitialiseSodium(library);
        }

        return library;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        PackageOf.TryGetValue(name, out string? package) ? Load(name, package) : IntPtr.Zero;

    // Chooses the fastest code for this processor; without it everything works, but slowly. Safe to repeat.
    private static unsafe void InitialiseSodium(IntPtr library)
    {
        var initialise = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "sodium_init");
        if (initialise() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }
    }
}
