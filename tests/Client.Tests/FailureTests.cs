using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

/// <summary>What becomes of commands and of the connection when something goes wrong.</summary>
public class FailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-119")]
    public async Task A_command_without_an_answer_fails_in_time_and_its_late_answer_is_dropped()
    {
        await using var router = new FakeRouter();
        var time = new ManualTime();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { Time = time });
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());
        ValueTask<SmpResult<SmpResponse>> sending = client.SendAsync(queue, default, cancellation: Cancellation).AsResult();
        FakeCommand command = await session.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(8.5));
        Assert.Equal(NoAnswer.Instance, (await sending).Failure);

        await command.AnswerAsync(OkResponse.Instance);
        await AssertUsableAsync(client, session);
    }

    [Fact]
    public async Task A_cancelled_command_leaves_the_connection_usable()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());
        using var cancel = new CancellationTokenSource();
        Task<SmpResponse> sending = client.SendAsync(queue, default, cancellation: cancel.Token).AsTask();
        FakeCommand command = await session.ReceiveAsync();
        await cancel.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);

        await command.AnswerAsync(OkResponse.Instance);
        await AssertUsableAsync(client, session);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(queue, default, cancellation: cancel.Token).AsTask());
    }

    [Fact]
    [Spec("S-269")]
    public async Task A_message_that_answers_too_late_is_not_lost()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        SmpCall<SmpResponse> subscribing = client.SubscribeAsync(queue, Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(SokResponse.Plain);
        await subscribing;
        using var cancel = new CancellationTokenSource();
        Task<SmpResponse> acknowledging = client.AcknowledgeAsync(queue, EntityId.Random(), cancel.Token).AsTask();
        FakeCommand ack = await session.ReceiveAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acknowledging);

        await ack.AnswerAsync(Samples.Message("late"));
        await using IAsyncEnumerator<SmpEvent> events = client.Events.GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("late", Assert.IsType<MessageReceived>(events.Current).Message.Text());
    }

    public static TheoryData<string, ConnectionEnd> Ends => new()
    {
        { "close", ConnectionEnd.ClosedByRouter },
        { "break", ConnectionEnd.Broken },
        { "cut", ConnectionEnd.Broken },
        { "garbage", ConnectionEnd.ProtocolViolation },
        { "empty", ConnectionEnd.ProtocolViolation },
        { "dispose", ConnectionEnd.Closed },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    [Spec("S-104", "S-113")]
    public async Task All_that_waits_fails_with_one_clear_error_when_the_connection_ends(string how, ConnectionEnd expected)
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var queue = new SenderQueue(EntityId.Random());
        ValueTask<SmpResult<SmpResponse>>[] sending =
            [.. Enumerable.Range(0, 3).Select(_ => client.SendAsync(queue, default, cancellation: Cancellation).AsResult())];
        foreach (ValueTask<SmpResult<SmpResponse>> _ in sending)
        {
            // They may come in several blocks. A socket that is closed with a block unread breaks the connection instead of ending it.
            await session.ReceiveAsync();
        }

        switch (how)
        {
            case "close":
                await session.DisposeAsync();
                break;
            case "break":
                session.Break();
                break;
            case "cut":
                await session.SendRawAsync(new byte[100]);
                await session.DisposeAsync();
                break;
            case "garbage":
                await session.SendRawAsync(new byte[Block.Length]);
                break;
            case "empty":
                await session.SendContentAsync([0]);
                break;
            default:
                await client.DisposeAsync();
                break;
        }

        var lost = new ConnectionLost(expected);
        foreach (ValueTask<SmpResult<SmpResponse>> one in sending)
        {
            Assert.Equal(lost, (await one).Failure);
        }

        Assert.Equal(lost, (await client.PingAsync(Cancellation).AsResult()).Failure);
        SmpEvent last = Assert.Single(await client.Events.ToListAsync(Cancellation));
        Assert.Equal(lost, Assert.IsType<ConnectionClosed>(last).Failure);
    }

    [Fact]
    public async Task Disposing_closes_the_connection()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await client.DisposeAsync();
        Assert.True(await session.IsClosedAsync());
        await client.DisposeAsync();
    }

    private static async Task AssertUsableAsync(SmpClient client, FakeSession session)
    {
        SmpCall<SmpResponse> ping = client.PingAsync(Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(PongResponse.Instance);
        Assert.IsType<PongResponse>(await ping);
    }
}
