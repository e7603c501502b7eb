using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>What the control port logs. Event ids 340 to 349 are its and never change their meaning. Ids and passwords never appear.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(340, LogLevel.Information, "Control port: listening on 127.0.0.1:{Port}")]
    public static partial void Listening(ILogger logger, int port);

    [LoggerMessage(341, LogLevel.Warning, "Control port: {Command}")]
    public static partial void Command(ILogger logger, string command);

    [LoggerMessage(342, LogLevel.Error, "Control port: {Command} without the role for it")]
    public static partial void Unauthorised(ILogger logger, string command);

    [LoggerMessage(343, LogLevel.Warning, "Control port: a wrong password")]
    public static partial void WrongPassword(ILogger logger);

    [LoggerMessage(344, LogLevel.Error, "Control port: a command failed, the session ends")]
    public static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(345, LogLevel.Warning, "Control port: no connection could be accepted ({Error})")]
    public static partial void NotAccepted(ILogger logger, SocketError error);

    [LoggerMessage(346, LogLevel.Warning, "Control port: too many sessions, one more was closed")]
    public static partial void TooMany(ILogger logger);
}
