using System.Net;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>What the links log. Nodes are named by number and certificate, never by address.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(3030, LogLevel.Information, "Listening for other nodes on {Endpoint}.")]
    public static partial void Listening(ILogger logger, EndPoint endpoint);

    [LoggerMessage(3031, LogLevel.Information, "Link {Direction} node {Node} ({Name}) opened; version {Version}.")]
    public static partial void Opened(ILogger logger, string direction, NodeNumber node, string name, ushort version);

    [LoggerMessage(3032, LogLevel.Information, "Link {Direction} node {Node} ended: {Reason}.")]
    public static partial void Ended(ILogger logger, string direction, NodeNumber node, string reason);

    [LoggerMessage(3033, LogLevel.Warning, "No link to node {Node}: {Reason}. It is tried again; this reason is not logged again.")]
    public static partial void NotReached(ILogger logger, NodeNumber node, string reason);

    [LoggerMessage(3034, LogLevel.Warning, "Node {Node} was refused: {Reason}. This reason is not logged again.")]
    public static partial void Refused(ILogger logger, NodeNumber node, string reason);

    [LoggerMessage(3035, LogLevel.Warning, "A connection to the port for nodes was no node's: {Reason}. {Suppressed} before this one were not logged.")]
    public static partial void Stranger(ILogger logger, string reason, long suppressed);

    [LoggerMessage(3036, LogLevel.Error, "The receiver of a link threw; the link ends.")]
    public static partial void ReceiverFault(ILogger logger, Exception cause);

    [LoggerMessage(3037, LogLevel.Error, "The handler of links threw when the link with node {Node} opened; the link ends.")]
    public static partial void HandlerFault(ILogger logger, Exception cause, NodeNumber node);

    [LoggerMessage(3038, LogLevel.Warning, "The certificates of the links were changed and cannot be used, so the former ones stay: {Reason}.")]
    public static partial void BadCertificates(ILogger logger, string reason);

    [LoggerMessage(3039, LogLevel.Information, "The certificates of the links were read again; this node's is valid until {Until:u}.")]
    public static partial void NewCertificates(ILogger logger, DateTimeOffset until);

    [LoggerMessage(3040, LogLevel.Warning, "A connection of another node could not be accepted: {Reason}. {Suppressed} before this one were not logged.")]
    public static partial void AcceptFailed(ILogger logger, string reason, long suppressed);

    [LoggerMessage(3041, LogLevel.Error, "Dialling node {Node} failed in a way that should not be; it is tried again.")]
    public static partial void DialFault(ILogger logger, Exception cause, NodeNumber node);

    [LoggerMessage(3042, LogLevel.Error, "The link with node {Node} failed in a way that should not be; it ends.")]
    public static partial void SessionFault(ILogger logger, Exception cause, NodeNumber node);

    [LoggerMessage(3043, LogLevel.Warning, "The certificate of this node for links ends at {Until:u}: renew it with 'simplex-router cluster cert --renew'; no restart is needed.")]
    public static partial void CertificateEnds(ILogger logger, DateTimeOffset until);
}
