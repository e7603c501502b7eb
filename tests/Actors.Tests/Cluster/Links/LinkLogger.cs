using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Cluster.Links;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Keeps what the links of a node log.</summary>
internal sealed class LinkLogger : ILogger<NodeLinks>
{
    private readonly Channel<(int Id, string Text)> _news = Channel.CreateUnbounded<(int, string)>();
    private readonly ConcurrentQueue<(int Id, string Text)> _entries = [];

    /// <summary>What was logged with an event id.</summary>
    public IEnumerable<string> Of(int id) => _entries.Where(entry => entry.Id == id).Select(entry => entry.Text);

    /// <summary>Waits for a line with an event id that contains a text.</summary>
    public async Task<string> NextAsync(int id, string part)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await foreach ((int found, string text) in _news.Reader.ReadAllAsync(limit.Token))
            {
                if (found == id && text.Contains(part))
                {
                    return text;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // What came instead is told below.
        }

        throw new InvalidOperationException($"No line {id} with \"{part}\" came; there are: {string.Join(" | ", _entries)}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        (int, string) entry = (eventId.Id, formatter(state, exception) + exception);
        _entries.Enqueue(entry);
        _news.Writer.TryWrite(entry);
    }
}
