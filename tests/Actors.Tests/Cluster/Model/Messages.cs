using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Tests.Cluster.Model;

internal enum Ask : byte
{
    Nothing = 0,
    Register = 1,
    Beat = 2,
    Declare = 3,
    Release = 4,
    Claim = 5,
}

/// <summary>A question on its way to the database.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Node">Index of the node that asks.</param>
/// <param name="Gen">Its number.</param>
/// <param name="Target">Whom it declares dead.</param>
/// <param name="TargetGen">Under which number.</param>
/// <param name="TargetBeats">If it still has so many heartbeats.</param>
/// <param name="Mask">Bits of the shards that it claims or releases.</param>
/// <param name="Seqs">Of the claims that it releases, or that it saw before it claims.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Request(Ask Kind, byte Node, byte Gen, byte Target, byte TargetGen, byte TargetBeats, byte Mask, Pair Seqs);

/// <summary>What the database says of everything. An owner is the index of a node plus one; its number is the node's row's.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Snapshot(Pair RowGen, Pair RowBeats, Pair Owner, Pair Seq);

/// <summary>An answer on its way to a node.</summary>
/// <param name="Kind">To which question.</param>
/// <param name="Seen">For a heartbeat or a registration.</param>
/// <param name="Gen">Number of the node that was registered; 0 when its name is taken.</param>
/// <param name="Mask">Bits of the shards that were claimed.</param>
/// <param name="Seqs">Of the claims.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Answer(Ask Kind, Snapshot Seen, byte Gen, byte Mask, Pair Seqs);
