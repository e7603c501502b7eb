using System.Text;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>What the router sent: a response, or an event when the correlation id is empty.</summary>
public sealed record Answer(EntityId Correlation, EntityId Entity, SmpResponse Response)
{
    /// <summary>The error of an <c>ERR</c>; null for everything else.</summary>
    public SmpError? Error => (Response as ErrResponse)?.Error;
}

/// <summary>A connection whose blocks the test writes and reads itself.</summary>
public sealed class Wire(SmpConnection connection) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The connection below.</summary>
    public SmpConnection Connection { get; } = connection;

    /// <summary>A whole command, authorised by <paramref name="key"/> if there is one.</summary>
    public byte[] Command(SmpCommand command, EntityId entity, PrivateKey? key = null, EntityId? correlation = null)
    {
        byte[] buffer = new byte[2 * Block.Length];
        var writer = new WireWriter(buffer);
        SmpCommandWriter.Write(ref writer, command, Connection.Version);
        return Command(writer.Written, entity, key, correlation);
    }

    /// <summary>A command that a service signs too; by default that of the session.</summary>
    public byte[] ServiceCommand(SmpCommand command, EntityId entity, PrivateKey key, ServiceSigner? service = null)
    {
        byte[] buffer = new byte[Block.Length];
        var writer = new WireWriter(buffer);
        SmpCommandWriter.Write(ref writer, command, Connection.Version);
        return Command(writer.Written, entity, key, correlation: null, service ?? Connection.Service!.Signer);
    }

    /// <summary>The same of text, which need not be a command.</summary>
    public byte[] Command(string command, EntityId entity = default, PrivateKey? key = null, EntityId? correlation = null) =>
        Command(Encoding.Latin1.GetBytes(command), entity, key, correlation);

    /// <summary>Sends transmissions in one block.</summary>
    public async Task SendAsync(params byte[][] transmissions)
    {
        byte[] content = new byte[Connection.Encoder.MaxContent];
        int length = Fill(content, transmissions);
        await Connection.SendAsync(content.AsMemory(0, length), TestContext.Current.CancellationToken);
    }

    /// <summary>Receives one block.</summary>
    public async Task<IReadOnlyList<Answer>> ReceiveAsync()
    {
        ReadOnlyMemory<byte>? content = await Connection.ReceiveAsync(new byte[Block.Length], TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Patience);
        Assert.NotNull(content);
        Assert.True(TransmissionReader.TryOpen(Connection.Format, content.Value, out TransmissionReader reader));
        var answers = new List<Answer>();
        while (reader.TryRead(out Transmission transmission))
        {
            Assert.Equal(TransmissionFault.None, transmission.Fault);
            Assert.True(SmpResponseParser.TryParse(transmission.Command, Connection.Version, out SmpResponse? response));
            answers.Add(new Answer(transmission.CorrelationId, transmission.EntityId, response));
        }

        return answers;
    }

    /// <summary>Receives blocks until so many transmissions came.</summary>
    public async Task<IReadOnlyList<Answer>> ReceiveAsync(int count)
    {
        var answers = new List<Answer>();
        while (answers.Count < count)
        {
            answers.AddRange(await ReceiveAsync());
        }

        return answers;
    }

    /// <summary>Sends transmissions in one block and receives as many.</summary>
    public async Task<IReadOnlyList<Answer>> AskAsync(params byte[][] transmissions)
    {
        await SendAsync(transmissions);
        return await ReceiveAsync(transmissions.Length);
    }

    /// <summary>The answer to one command, with its ids as they must be.</summary>
    public async Task<SmpResponse> AskAsync(string command, EntityId entity = default, PrivateKey? key = null)
    {
        var correlation = EntityId.Random();
        Answer answer = Assert.Single(await AskAsync(Command(command, entity, key, correlation)));
        Assert.Equal(correlation, answer.Correlation);
        Assert.Equal(entity, answer.Entity);
        return answer.Response;
    }

    /// <summary>The error of the answer to one command.</summary>
    public async Task<SmpError> ErrorAsync(string command, EntityId entity = default, PrivateKey? key = null) =>
        Assert.IsType<ErrResponse>(await AskAsync(command, entity, key)).Error;

    /// <summary>Waits until the router ends the connection.</summary>
    public Task EndedAsync()
    {
        byte[] block = new byte[Block.Length];
        return Ending.OfAsync(async () => await Connection.ReceiveAsync(block, TestContext.Current.CancellationToken) is not null);
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    /// <summary>The error of the answer to one command.</summary>
    public async Task<SmpError?> ErrorAsync(byte[] command) => Assert.Single(await AskAsync(command)).Error;

    private byte[] Command(ReadOnlySpan<byte> command, EntityId entity, PrivateKey? key, EntityId? correlation, ServiceSigner? service = null)
    {
        byte[] buffer = new byte[2 * Block.Length];
        var writer = new WireWriter(buffer);
        CommandKey? prepared = key is null ? null : Connection.Prepare(key);
        TransmissionWriter.WriteCommand(ref writer, Connection.Format, correlation ?? EntityId.Random(), entity, command, prepared, service);
        return writer.Written.ToArray();
    }

    private static int Fill(byte[] content, byte[][] transmissions)
    {
        var writer = new WireWriter(content);
        writer.WriteByte((byte)transmissions.Length);
        foreach (byte[] transmission in transmissions)
        {
            writer.WriteLarge(transmission);
        }

        Assert.False(writer.Overflowed);
        return writer.Length;
    }
}
