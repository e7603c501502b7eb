using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>
/// Whom an address belongs to, as far as one can tell: a whole IPv4 address, or the first half of an IPv6 address, because
/// every customer of an IPv6 provider has the second half for himself.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct AddressKey : IEquatable<AddressKey>
{
    private readonly ulong _network;
    private readonly uint _v4;

    private AddressKey(ulong network, uint v4) => (_network, _v4) = (network, v4);

    /// <summary>The key of an address; IPv4 addresses have the same in both their forms.</summary>
    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return address.IsIPv4MappedToIPv6 || address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork
            ? new AddressKey(0, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    /// <inheritdoc/>
    public bool Equals(AddressKey other) => _network == other._network && _v4 == other._v4;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AddressKey other && Equals(other);

    /// <summary>Differs from process to process, so that nobody can choose addresses that share one.</summary>
    public override int GetHashCode() => HashCode.Combine(_network, _v4);
}
