using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>A small number for each of two nodes, or of two shards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Pair(byte First, byte Second)
{
    public byte this[int index] => index == 0 ? First : Second;

    public Pair With(int index, int value) => index == 0 ? this with { First = (byte)value } : this with { Second = (byte)value };
}
