using System.IO.Pipelines;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>A stream, such as a socket's, as the pair of pipes that <see cref="TlsStream"/> works on. Idle it holds no buffer.</summary>
internal sealed class StreamTransport(Stream stream) : IDuplexPipe, IAsyncDisposable
{
    /// <summary>A TLS record of a full block and some more, bytes.</summary>
    private const int BufferBytes = 20 * 1024;

    /// <inheritdoc/>
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true, useZeroByteReads: true));

    /// <inheritdoc/>
    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));

    /// <summary>Gives the buffers back and closes the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await Input.CompleteAsync();
        await Output.CompleteAsync(new ObjectDisposedException(nameof(StreamTransport)));
    }
}
