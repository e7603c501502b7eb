namespace SimplexActors.Acceptance.Support;

/// <summary>Waits for the router to end a connection.</summary>
public static class Ending
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Receives until <paramref name="receive"/> says that the connection was closed or fails because it was dropped.</summary>
    public static async Task OfAsync(Func<Task<bool>> receive)
    {
        bool isOpen = true;
        while (isOpen)
        {
            try
            {
                isOpen = await receive().WaitAsync(Patience);
            }
            catch (IOException)
            {
                // Dropped: a connection that is ended by force may also look like this.
                isOpen = false;
            }
        }
    }
}
