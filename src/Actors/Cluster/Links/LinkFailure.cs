using System.Security.Authentication;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Says in one line why a connection failed.</summary>
internal static class LinkFailure
{
    /// <summary>The message of the innermost cause, which is the one that helps, unless <see cref="LinkTls"/> said more about it.</summary>
    public static string Describe(Exception cause)
    {
        Exception telling = cause is AuthenticationException { InnerException: AuthenticationException } ? cause : cause.GetBaseException();
        string message = telling is OperationCanceledException ? "it took too long" : telling.Message;
        return message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
