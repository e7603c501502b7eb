using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Logs each reason for which a node was refused or could not be reached once, until it succeeds.</summary>
internal sealed class RefusalLog(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(NodeNumber Node, bool IsOwn, string Reason)> _known = [];

    /// <summary>A node that this node dialled could not be reached.</summary>
    public void NotReached(NodeNumber node, string reason)
    {
        if (IsNew(node, isOwn: true, reason))
        {
            LinkLog.NotReached(logger, node, reason);
        }
    }

    /// <summary>A node that dialled this node was refused.</summary>
    public void Refused(NodeNumber node, string reason)
    {
        if (IsNew(node, isOwn: false, reason))
        {
            LinkLog.Refused(logger, node, reason);
        }
    }

    /// <summary>There is a session: what goes wrong from now on is new.</summary>
    public void Forget(NodeNumber node, bool isOwn)
    {
        lock (_gate)
        {
            _known.RemoveWhere(known => known.Node == node && known.IsOwn == isOwn);
        }
    }

    private bool IsNew(NodeNumber node, bool isOwn, string reason)
    {
        lock (_gate)
        {
            if (_known.Count >= LinkLimits.RememberedRefusals)
            {
                _known.Clear();
            }

            return _known.Add((node, isOwn, reason));
        }
    }
}
