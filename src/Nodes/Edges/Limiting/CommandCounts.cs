using System.Runtime.InteropServices;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>The commands of one block that have a rate.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct CommandCounts
{
    /// <summary>NEW.</summary>
    public int New { get; set; }

    /// <summary>SUB and NSUB.</summary>
    public int Sub { get; private set; }

    /// <summary>SEND, and PFWD, which is a SEND to another router.</summary>
    public int Send { get; private set; }

    /// <summary>PRXY.</summary>
    public int Prxy { get; set; }

    /// <summary>RSLV.</summary>
    public int Rslv { get; private set; }

    /// <summary>RFWD.</summary>
    public int Rfwd { get; private set; }

    /// <summary>Counts one command.</summary>
    public void Add(SmpCommandTag tag)
    {
        switch (tag)
        {
            case SmpCommandTag.NEW:
                New++;
                break;
            case SmpCommandTag.SUB or SmpCommandTag.NSUB:
                Sub++;
                break;
            case SmpCommandTag.SEND or SmpCommandTag.PFWD:
                Send++;
                break;
            case SmpCommandTag.PRXY:
                Prxy++;
                break;
            case SmpCommandTag.RSLV:
                Rslv++;
                break;
            case SmpCommandTag.RFWD:
                Rfwd++;
                break;
        }
    }
}
