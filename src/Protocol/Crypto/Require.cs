using System.Runtime.CompilerServices;

namespace SimplexActors.Protocol.Crypto;

/// <summary>Checks sizes before native code sees a pointer; a wrong one is a bug of the caller.</summary>
internal static class Require
{
    internal static void Length(ReadOnlySpan<byte> value, int length, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value.Length != length)
        {
            throw new ArgumentException($"{name} must have {length} bytes, not {value.Length}.", name);
        }
    }
}
