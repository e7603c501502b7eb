using System.Buffers;
using System.IO.Pipelines;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>
/// Where OpenSSL's output waits when it was produced by somebody who does not hold the transport's writer:
/// alerts and key updates that a read answers. Empty and without a buffer otherwise. Used under the session's lock.
/// </summary>
internal sealed class TlsOutbox
{
    private const int InitialBytes = 512;

    private byte[] _buffer = [];

    /// <summary>Waiting bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (_buffer.Length - Length < data.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(InitialBytes, Length + data.Length));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            Release();
            _buffer = larger;
        }

        data.CopyTo(_buffer.AsSpan(Length));
        Length += data.Length;
    }

    /// <summary>Moves everything to the transport; false if there was nothing.</summary>
    public bool MoveTo(PipeWriter writer)
    {
        if (Length == 0)
        {
            return false;
        }

        writer.Write(_buffer.AsSpan(0, Length));
        Length = 0;
        Release();
        return true;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Length = 0;
        Release();
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
