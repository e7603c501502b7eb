using System.Buffers;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>A message that arrived whole.</summary>
/// <param name="Rented">The pooled array that holds it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Posted">It came without credit.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IncomingMessage(byte[] Rented, int Length, bool Posted)
{
    /// <summary>What it takes of windows and limits.</summary>
    public int Cost => OutgoingMessage.CostOf(Length);

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Body => Rented.AsMemory(0, Length);

    /// <summary>Gives the memory back; the receiver is done with it.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(Rented);
}
