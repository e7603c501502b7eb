using System.Text;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>A client of the project's own library with its events, one after another.</summary>
public sealed class Peer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<SmpEvent> _events;

    public Peer(SmpClient client)
    {
        Client = client;
        _events = client.Events.GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    /// <summary>For commands.</summary>
    public SmpClient Client { get; }

    /// <summary>Waits for the next event, which must be of this kind.</summary>
    public async Task<TEvent> NextAsync<TEvent>()
        where TEvent : SmpEvent
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(Patience));
        return Assert.IsType<TEvent>(_events.Current);
    }

    /// <summary>Waits for a message of a queue and returns it, unacknowledged.</summary>
    public async Task<ReceivedMessage> MessageAsync(RecipientQueue queue)
    {
        var received = await NextAsync<MessageReceived>();
        Assert.Equal(queue.RecipientId, received.Queue.RecipientId);
        return received.Message;
    }

    /// <summary>Waits for a message of a queue, acknowledges it and returns its text.</summary>
    public async Task<string> ReceiveAsync(RecipientQueue queue)
    {
        ReceivedMessage message = await MessageAsync(queue);
        await Client.AcknowledgeAsync(queue, message.Id);
        return message.Text();
    }

    /// <summary>Asks for the number of stored messages until it is this.</summary>
    public async Task SizeAsync(RecipientQueue queue, int size)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await Client.GetInfoAsync(queue, patience.Token)).Size != size)
        {
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>
    /// Closes the connection and returns the events that nobody took. Whatever the router had to say by now comes before
    /// the second answer.
    /// </summary>
    public async Task<IReadOnlyList<SmpEvent>> CloseAsync()
    {
        await Client.PingAsync();
        await Client.PingAsync();
        await Client.DisposeAsync();
        var rest = new List<SmpEvent>();
        while (await _events.MoveNextAsync().AsTask().WaitAsync(Patience) && _events.Current is not ConnectionClosed)
        {
            rest.Add(_events.Current);
        }

        return rest;
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}

/// <summary>Short forms for tests.</summary>
public static class Asking
{
    /// <summary>The error that the router answers; null for success.</summary>
    public static async Task<SmpError?> ErrorAsync<T>(this SmpCall<T> call)
    {
        SmpResult<T> result = await call.AsResult();
        Assert.True(result.Succeeded || result.Error is not null, result.Failure?.Message);
        return result.Error;
    }

    /// <summary>Sends a text.</summary>
    public static SmpCall<Protocol.Smp.Responses.SmpResponse> SendAsync(this SmpClient client, SenderQueue queue, string text, bool notify = false) =>
        client.SendAsync(queue, Encoding.ASCII.GetBytes(text), notify);

    /// <summary>The body as text.</summary>
    public static string Text(this ReceivedMessage message) => message.IsQuotaMarker ? "QUOTA" : Encoding.ASCII.GetString(message.Body.Span);

    /// <summary>As the sender of a queue that nobody secured.</summary>
    public static SenderQueue Unsecured(this RecipientQueue queue) => new(queue.SenderId);
}

/// <summary>Comparisons by content.</summary>
public static class Comparing
{
    /// <summary>Both parts are the same bytes.</summary>
    public static void AssertIs(this Protocol.Smp.LinkData actual, Protocol.Smp.LinkData expected)
    {
        Assert.Equal(expected.Fixed.ToArray(), actual.Fixed.ToArray());
        Assert.Equal(expected.User.ToArray(), actual.User.ToArray());
    }
}
