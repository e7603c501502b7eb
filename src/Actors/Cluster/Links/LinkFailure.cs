namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Says in one line why a connection failed.</summary>
internal static class LinkFailure
{
    /// <summary>The message of the innermost cause, which is the one that helps.</summary>
    public static string Describe(Exception cause)
    {
        string message = cause.GetBaseException() is OperationCanceledException ? "it took too long" : cause.GetBaseException().Message;
        return message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
