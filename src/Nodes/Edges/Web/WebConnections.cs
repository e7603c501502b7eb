using Microsoft.AspNetCore.Connections;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>Bounds how many browsers are connected at once; one more is closed at once. SMP clients do not count.</summary>
/// <param name="max">Connections.</param>
/// <param name="http">Kestrel's HTTP server.</param>
internal sealed class WebConnections(int max, ConnectionDelegate http)
{
    private int _open;

    /// <summary>Serves one browser.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= max)
            {
                await http(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
